package io.inkstream.cli.options;

import io.inkstream.client.Checkpoints;
import io.inkstream.client.InkstreamClient;
import io.inkstream.schemas.CheckpointManifest;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** What every command about the checkpoints of a corpus takes: the corpus, the pipeline, and how to print the result. */
public final class AuditOptions {

    @Mixin
    private CorpusOption corpus;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions client;

    public String corpus() {
        return corpus.corpus();
    }

    public boolean json() {
        return json.json();
    }

    /** A client of the pipeline, once a broker has answered. */
    public InkstreamClient client() {
        return client.client();
    }

    /**
     * One checkpoint of the corpus.
     *
     * @param which chooses it
     * @throws io.inkstream.platform.InkstreamException if there is none
     */
    public ChosenCheckpoint checkpoint(Function<Checkpoints, CheckpointManifest> which) {
        String name = corpus();
        InkstreamClient opened = client();
        Checkpoints all = opened.checkpoints(name);
        return new ChosenCheckpoint(opened, all, which.apply(all));
    }
}

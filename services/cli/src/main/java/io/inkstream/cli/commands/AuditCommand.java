package io.inkstream.cli.commands;

import io.inkstream.cli.options.ChosenCheckpoint;
import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.CorpusOption;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.Screen;
import io.inkstream.client.Checkpoints;
import io.inkstream.client.InkstreamClient;
import io.inkstream.schemas.CheckpointManifest;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command about the checkpoints of a corpus: the options that all of these take, and the reading of what they choose. */
abstract class AuditCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions client;

    final CommandSpec command() {
        return command;
    }

    final Screen screen() {
        return Screen.of(command);
    }

    final String corpus() {
        return corpus.corpus();
    }

    final boolean json() {
        return json.json();
    }

    /** A client of the pipeline, once a broker has answered. */
    final InkstreamClient client() {
        return client.client();
    }

    /**
     * One checkpoint of the corpus.
     *
     * @param which chooses it
     * @throws io.inkstream.platform.InkstreamException if there is none
     */
    final ChosenCheckpoint checkpoint(Function<Checkpoints, CheckpointManifest> which) {
        String name = corpus();
        InkstreamClient opened = client();
        Checkpoints all = opened.checkpoints(name);
        return new ChosenCheckpoint(opened, all, which.apply(all));
    }
}

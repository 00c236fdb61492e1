package io.inkstream.cli.options;

import io.inkstream.client.Checkpoints;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import picocli.CommandLine.Option;

/** Which checkpoint of a corpus. */
public final class CheckpointOption {

    @Option(
            names = "--checkpoint",
            paramLabel = "SHA",
            description = "The first digits of the checkpoint's SHA-256. Default: the newest.")
    private String sha256;

    /**
     * A checkpoint, and those from which it went on.
     *
     * @param manifest the one that was chosen
     * @param all all of its corpus
     */
    public record Choice(CheckpointManifest manifest, Checkpoints all) {}

    /**
     * Looks it up.
     *
     * @throws io.inkstream.platform.InkstreamException if there is none such
     */
    public Choice of(String corpus, Connection connection, TopicNames topics) {
        Checkpoints all = Checkpoints.read(connection, topics, corpus);
        return new Choice(sha256 == null ? all.newest() : all.named(sha256), all);
    }
}

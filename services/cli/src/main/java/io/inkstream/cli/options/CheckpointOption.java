package io.inkstream.cli.options;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which checkpoint of a corpus. */
public final class CheckpointOption {

    @Option(
            names = "--checkpoint",
            paramLabel = "SHA",
            description = "The first digits of the checkpoint's SHA-256. Default: the newest.")
    private @Nullable String sha256;

    /**
     * Looks it up.
     *
     * @throws io.inkstream.platform.InkstreamException if there is no such checkpoint
     */
    public ChosenCheckpoint of(AuditOptions audit) {
        return audit.checkpoint(all -> sha256 == null ? all.newest() : all.named(sha256));
    }
}

package io.inkstream.cli.options;

import io.inkstream.client.Checkpoints;
import io.inkstream.schemas.CheckpointManifest;
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
     * The checkpoint that was chosen.
     *
     * @throws io.inkstream.platform.InkstreamException if there is no such checkpoint
     */
    public CheckpointManifest of(Checkpoints all) {
        return sha256 == null ? all.newest() : all.named(sha256);
    }
}

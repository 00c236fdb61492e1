package io.inkstream.corpuslog.checkpoints;

import io.inkstream.schemas.CheckpointManifest;
import java.util.List;

/**
 * A manifest that lacks what is known once the chunks of its checkpoint are sent: their offsets, their size and their
 * SHA-256. Immutable.
 */
public final class ManifestDraft {

    private static final SentChunks NO_CHUNKS = new SentChunks("", 0, 0, List.of());

    private final CheckpointManifest withoutChunks;

    private ManifestDraft(CheckpointManifest withoutChunks) {
        this.withoutChunks = withoutChunks;
    }

    /** A draft of what the builder has; its chunks do not count. */
    public static ManifestDraft of(CheckpointManifest.Builder manifest) {
        return new ManifestDraft(NO_CHUNKS.complete(CheckpointManifest.newBuilder(manifest)));
    }

    /** The slot of the checkpoints topic that the checkpoint is written to. */
    public int slot() {
        return withoutChunks.getSlot();
    }

    /** The manifest, once the chunks are sent. */
    public CheckpointManifest complete(SentChunks chunks) {
        return chunks.complete(CheckpointManifest.newBuilder(withoutChunks));
    }
}

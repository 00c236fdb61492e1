package io.inkstream.corpuslog.checkpoints;

import io.inkstream.schemas.CheckpointManifest;
import java.util.List;

/**
 * A checkpoint file whose chunks are in their topic.
 *
 * @param sha256 of the file, in lower-case hexadecimal
 * @param bytes size of the file
 * @param partition of the checkpoints topic
 * @param offsets of the chunks, in order
 */
public record SentChunks(String sha256, long bytes, int partition, List<Long> offsets) {

    public SentChunks {
        offsets = List.copyOf(offsets);
    }

    /** Completes a manifest with what is known once the chunks are sent. */
    public CheckpointManifest complete(CheckpointManifest.Builder manifest) {
        return manifest.setSha256(sha256)
                .setBytes(bytes)
                .setCheckpointPartition(partition)
                .setChunkOffsets(offsets)
                .build();
    }
}

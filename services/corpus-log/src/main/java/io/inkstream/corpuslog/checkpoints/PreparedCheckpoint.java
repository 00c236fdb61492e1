package io.inkstream.corpuslog.checkpoints;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import java.util.List;
import java.util.function.Consumer;

/**
 * A checkpoint that is ready to be committed.
 *
 * @param corpus whose it is
 * @param file the checkpoint file
 * @param bytes size of the file
 * @param manifest all but what is known once the chunks are sent: their offsets, size and SHA-256
 * @param epochs the epochs that ended since the checkpoint before
 * @param named given the SHA-256 before anything can have been committed: a commit may lose its answer
 */
public record PreparedCheckpoint(
        String corpus,
        CheckpointContent file,
        long bytes,
        CheckpointManifest.Builder manifest,
        List<TrainingProgress> epochs,
        Consumer<String> named) {

    /** One whose file is there as a whole, and whose name nobody waits for. */
    public PreparedCheckpoint(
            String corpus, byte[] file, CheckpointManifest.Builder manifest, List<TrainingProgress> epochs) {
        this(corpus, out -> out.write(file), file.length, manifest, epochs, sha256 -> {});
    }
}

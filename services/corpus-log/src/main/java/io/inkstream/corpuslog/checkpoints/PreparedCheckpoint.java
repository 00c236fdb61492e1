package io.inkstream.corpuslog.checkpoints;

import io.inkstream.languagemodel.checkpoint.TensorFile;
import io.inkstream.schemas.TrainingProgress;
import java.util.List;
import java.util.function.Consumer;

/**
 * A checkpoint that is ready to be committed.
 *
 * @param corpus whose it is
 * @param file the checkpoint file
 * @param bytes size of the file
 * @param manifest what its manifest says, completed once the chunks are sent
 * @param epochs the epochs that ended since the checkpoint before
 * @param beforeCommit given the SHA-256 of the file before anything can have been committed: the reply to a commit may be lost
 */
public record PreparedCheckpoint(
        String corpus,
        CheckpointContent file,
        long bytes,
        ManifestDraft manifest,
        List<TrainingProgress> epochs,
        Consumer<String> beforeCommit) {

    public PreparedCheckpoint {
        epochs = List.copyOf(epochs);
    }

    /** A checkpoint of a run, with the epochs that it completes. */
    public static PreparedCheckpoint of(
            String corpus,
            TensorFile file,
            ManifestDraft manifest,
            List<TrainingProgress> epochs,
            Consumer<String> beforeCommit) {
        return new PreparedCheckpoint(corpus, file::writeTo, file.bytes(), manifest, epochs, beforeCommit);
    }

    /** A checkpoint whose file is in memory as a whole. */
    public static PreparedCheckpoint of(
            String corpus, byte[] file, ManifestDraft manifest, List<TrainingProgress> epochs) {
        return new PreparedCheckpoint(corpus, out -> out.write(file), file.length, manifest, epochs, sha256 -> {});
    }

    /** A model without epochs. */
    public static PreparedCheckpoint of(String corpus, TensorFile file, ManifestDraft manifest) {
        return of(corpus, file, manifest, List.of(), sha256 -> {});
    }
}

package io.inkstream.trainer.checkpoints;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import java.util.List;

/**
 * A checkpoint that is ready to be committed.
 *
 * @param corpus whose it is
 * @param file the checkpoint file
 * @param manifest all but the offsets of the chunks, which are known once they are sent
 * @param epochs the epochs that ended since the checkpoint before
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PreparedCheckpoint(
        String corpus, byte[] file, CheckpointManifest.Builder manifest, List<TrainingProgress> epochs) {}

package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.schemas.CheckpointManifest;
import java.util.List;

/** Reads committed checkpoints. */
interface CheckpointSource {

    /**
     * Reads and verifies a checkpoint.
     *
     * @throws CheckpointUnreadableException if it is not whole
     */
    Checkpoint read(String corpus, CheckpointManifest manifest);

    /** What may stand in for the newest checkpoint when that is damaged, the newest first. */
    List<CheckpointManifest> fallbacks(String corpus, CheckpointManifest damaged);
}

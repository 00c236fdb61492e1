package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;

/** Where checkpoints come from. */
@FunctionalInterface
public interface CheckpointSource {

    /**
     * Fetches a checkpoint whole and verified, or throws; may take its time.
     *
     * @throws io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException if it cannot be had whole
     */
    byte[] read(String corpus, CheckpointManifest manifest);
}

package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;

/** Reads checkpoints. */
@FunctionalInterface
public interface CheckpointSource {

    /**
     * Reads a checkpoint completely and verifies it; may take long.
     *
     * @throws io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException if it cannot be read completely
     */
    byte[] read(String corpus, CheckpointManifest manifest);
}

package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;
import java.util.List;

/** Finds older checkpoints of a corpus that may be served instead. */
@FunctionalInterface
public interface CheckpointFallbacks {

    /**
     * The checkpoints that may be served instead of the latest, which is damaged; may take long.
     *
     * @return the latest first
     * @throws RuntimeException if they cannot be found; the message says why
     */
    List<CheckpointManifest> fallbacks(String corpus, CheckpointManifest damaged);
}

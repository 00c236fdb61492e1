package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;
import java.util.List;

/** Which other checkpoints of a corpus may be served. */
@FunctionalInterface
public interface OlderCheckpoints {

    /**
     * Those that may be read instead of the newest, which is damaged; may take its time.
     *
     * @return the newest first
     * @throws RuntimeException if they cannot be looked for; the message says why
     */
    List<CheckpointManifest> fallbacks(String corpus, CheckpointManifest damaged);
}

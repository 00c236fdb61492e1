package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;
import java.util.List;

/** Which other checkpoints of a corpus there are. */
@FunctionalInterface
public interface OlderCheckpoints {

    /**
     * Those that may be read instead of a damaged one; may take its time.
     *
     * @return the newest first
     * @throws RuntimeException if they cannot be looked for; the message says why
     */
    List<CheckpointManifest> without(String corpus, CheckpointManifest damaged);
}

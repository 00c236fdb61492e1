package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;
import java.util.Optional;

/**
 * A corpus whose latest checkpoint cannot be read.
 *
 * @param corpus the corpus
 * @param latest the checkpoint that cannot be read
 * @param serving the checkpoint that is served instead, if there is one
 */
public record UnreadableCheckpoint(String corpus, CheckpointManifest latest, Optional<CheckpointManifest> serving) {

    /** As a sentence without its full stop. */
    @Override
    public String toString() {
        return "the latest checkpoint of %s, %s, cannot be read: %s"
                .formatted(
                        corpus,
                        latest.getSha256(),
                        serving.map(older -> "serving %s of step %d".formatted(older.getSha256(), older.getStep()))
                                .orElse("no checkpoint can be served"));
    }
}

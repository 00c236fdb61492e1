package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;
import java.util.Optional;

/**
 * A corpus whose newest checkpoint cannot be read.
 *
 * @param corpus the corpus
 * @param newest what cannot be read
 * @param serving what serves instead, if anything does
 */
public record UnreadableNewest(String corpus, CheckpointManifest newest, Optional<CheckpointManifest> serving) {

    /** As a sentence without its full stop. */
    @Override
    public String toString() {
        return "the newest checkpoint of %s, %s, cannot be read: %s"
                .formatted(
                        corpus,
                        newest.getSha256(),
                        serving.map(older -> "%s of step %d serves".formatted(older.getSha256(), older.getStep()))
                                .orElse("none serves"));
    }
}

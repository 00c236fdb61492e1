package io.inkstream.trainer.followers;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.SpecPosition;
import java.time.Instant;

/**
 * A spec as it stands on the corpora topic.
 *
 * @param position where it stands
 * @param at when it was published, by the publisher's clock: the timestamp of its record
 */
public record PublishedSpec(CorpusSpec spec, SpecPosition position, Instant at) {

    /**
     * Whether it was published after a rollback, by its offset: clocks may be wrong. By the clocks only where the rollback has
     * no offset of this topic, as an earlier version made it or the topic was created anew.
     *
     * @param rollback the manifest of the rollback
     */
    public boolean isAfter(CheckpointManifest rollback) {
        SpecPosition end = rollback.getRolledBackAt();
        if (end == null || !end.getTopicId().equals(position.getTopicId())) {
            return at.isAfter(rollback.getCreatedAt());
        }
        return position.getOffset() >= end.getOffset();
    }
}

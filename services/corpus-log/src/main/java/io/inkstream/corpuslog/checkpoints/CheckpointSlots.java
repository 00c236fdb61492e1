package io.inkstream.corpuslog.checkpoints;

import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import org.jspecify.annotations.Nullable;

/**
 * How the checkpoints of a corpus share the slots of the checkpoints topic: they take turns in a ring, so that compaction
 * collects what is old, and every so many of them one is kept in a slot of its own.
 *
 * @param ring slots of the ring, at least 2: one is whole while the other is written
 * @param keepEvery every so many checkpoints one is kept for good; 0: none is
 */
public record CheckpointSlots(int ring, int keepEvery) {

    /** The first slot that belongs to no ring. */
    public static final int FIRST_KEPT = 1024;

    public CheckpointSlots {
        if (ring < 2 || ring > FIRST_KEPT) {
            throw new InkstreamException(
                    "Between 2 and %d checkpoint slots are needed, so that one is whole while the other is written, not %d."
                            .formatted(FIRST_KEPT, ring));
        }
        if (keepEvery < 0) {
            throw new InkstreamException(
                    "Every so many checkpoints one can be kept: give 0 (none) or above, not %d.".formatted(keepEvery));
        }
    }

    /** The number of the manifest that follows. */
    public static long numberAfter(@Nullable CheckpointManifest before) {
        return before == null ? 0 : before.getNumber() + 1;
    }

    /**
     * The slot of the next checkpoint: never that of the one before, which stays whole while this one is written.
     *
     * @param before the newest manifest of the corpus, or null
     */
    public int slotAfter(@Nullable CheckpointManifest before) {
        long number = numberAfter(before);
        if (keepEvery > 0 && (number + 1) % keepEvery == 0) {
            return Math.toIntExact(FIRST_KEPT + number);
        }
        int slot = (int) (number % ring);
        return before != null && before.getSlot() == slot ? (slot + 1) % ring : slot;
    }

    /** True when what lies in this slot is never overwritten. */
    public static boolean keeps(int slot) {
        return slot >= FIRST_KEPT;
    }
}

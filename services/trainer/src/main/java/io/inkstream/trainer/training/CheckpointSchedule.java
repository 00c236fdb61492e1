package io.inkstream.trainer.training;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * When checkpoints are due: every so often, sooner after the first steps of a corpus, and at once when all epochs are done.
 * Used by one thread.
 */
final class CheckpointSchedule {

    private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();

    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Long> writtenAt = new HashMap<>();

    /** What the run of a corpus holds that no committed checkpoint does. */
    enum Uncommitted {
        /** Nothing. */
        NOTHING,
        /** The first steps: the corpus has no checkpoint. */
        FIRST_STEPS,
        /** Steps since the last checkpoint. */
        STEPS,
        /** The end: all epochs are done. */
        END
    }

    /**
     * A schedule without checkpoints.
     *
     * @param interval time between two checkpoints of a corpus
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    CheckpointSchedule(Duration interval, LongSupplier nanoTime) {
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
    }

    /** True when a checkpoint of a corpus is due. Time is measured from the last one or, before the first, from the first call. */
    boolean due(String corpus, Uncommitted uncommitted) {
        return switch (uncommitted) {
            case NOTHING -> false;
            case FIRST_STEPS -> elapsed(corpus) >= Math.min(FIRST_NANOS, intervalNanos);
            case STEPS -> elapsed(corpus) >= intervalNanos;
            case END -> true;
        };
    }

    /** A checkpoint of a corpus is about to be committed; if that fails, the next is due after the same time. */
    void written(String corpus) {
        writtenAt.put(corpus, nanoTime.getAsLong());
    }

    /** Forgets a corpus that is no longer owned. */
    void forget(String corpus) {
        writtenAt.remove(corpus);
    }

    private long elapsed(String corpus) {
        long now = nanoTime.getAsLong();
        return now - writtenAt.computeIfAbsent(corpus, name -> now);
    }
}

package io.inkstream.platform.observability;

/**
 * How far a service is with a partition.
 *
 * @param next the offset that is read next, past transaction markers and aborted records: everything before it was read
 * @param open how many of the records before it are not finished
 */
public record PartitionProgress(long next, long open) {

    public PartitionProgress {
        if (next < 0 || open < 0) {
            throw new IllegalArgumentException("%d is not an offset, or %d not a number".formatted(next, open));
        }
    }

    /** Everything that was read is finished. */
    public static PartitionProgress finishedTo(long next) {
        return new PartitionProgress(next, 0);
    }

    /**
     * What waits.
     *
     * @param end the last stable offset: where a reader of committed records stops
     */
    long waiting(long end) {
        return Math.max(0, end - next) + open;
    }
}

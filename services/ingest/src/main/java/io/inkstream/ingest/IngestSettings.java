package io.inkstream.ingest;

import io.inkstream.platform.InkstreamException;

/**
 * How ingest runs.
 *
 * @param partitions partition count for topics that are created
 * @param threads threads that read text; more than partitions would be idle
 */
public record IngestSettings(int partitions, int threads) {

    public IngestSettings {
        requirePositive(partitions, "partitions");
        requirePositive(threads, "threads");
    }

    /** With half as many threads as processors, but at most one per partition: one reads some megabytes per second. */
    public IngestSettings(int partitions) {
        this(partitions, Math.max(1, Math.min(partitions, Runtime.getRuntime().availableProcessors() / 2)));
    }

    private static void requirePositive(int value, String what) {
        if (value < 1) {
            throw new InkstreamException("Ingest cannot run with %d %s: use 1 or more.".formatted(value, what));
        }
    }
}

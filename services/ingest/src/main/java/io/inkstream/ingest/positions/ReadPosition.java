package io.inkstream.ingest.positions;

import org.apache.kafka.common.Uuid;

/**
 * The position up to which a partition was read.
 *
 * @param topic the topic's id: one that was deleted and created again has another id, and its offsets start over
 * @param next the offset of the next record to read, past the transaction markers after the last one
 */
public record ReadPosition(Uuid topic, long next) {

    public ReadPosition {
        if (next < 0) {
            throw new IllegalArgumentException("%d is not an offset".formatted(next));
        }
    }

    /** As one line, for instance {@code BYzXxvDtTo2mmHNGvCUfpA 12345}. */
    @Override
    public String toString() {
        return topic + " " + next;
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if the line has another format
     */
    public static ReadPosition parse(String line) {
        int space = line.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("'%s' is not the position of a partition".formatted(line));
        }
        return new ReadPosition(Uuid.fromString(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
    }
}

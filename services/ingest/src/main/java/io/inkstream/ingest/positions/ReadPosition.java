package io.inkstream.ingest.positions;

import org.apache.kafka.common.Uuid;

/**
 * How far a partition was read.
 *
 * @param topic the topic's id: one that was deleted and made anew has another, and offsets that begin again
 * @param next the offset of the record that is read next, past the transaction markers behind the last one
 */
public record ReadPosition(Uuid topic, long next) {

    public ReadPosition {
        if (next < 0) {
            throw new IllegalArgumentException("There is no offset %d".formatted(next));
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
     * @throws IllegalArgumentException if it is something else
     */
    public static ReadPosition parse(String line) {
        int space = line.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("'%s' is not how far a partition was read".formatted(line));
        }
        return new ReadPosition(Uuid.fromString(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
    }
}

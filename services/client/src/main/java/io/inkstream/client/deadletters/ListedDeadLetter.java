package io.inkstream.client.deadletters;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter as it is listed: all but its value.
 *
 * @param id where it lies in the dead-letters topic
 * @param at when the record that it was made of was written
 * @param topic where that was read; empty when the letter does not say
 * @param partition its partition there; -1 when the letter does not say
 * @param offset its offset there; -1 when the letter does not say
 * @param key its key as text; null when it has none
 * @param bytes size of its value; -1 when it has none
 * @param whole true: it holds the whole record; false: the record was too large, and parts of it are only where it was read
 * @param reason why it could not be taken
 */
public record ListedDeadLetter(
        Id id,
        Instant at,
        String topic,
        int partition,
        long offset,
        String key,
        int bytes,
        boolean whole,
        String reason) {

    /**
     * A place in the dead-letters topic.
     *
     * @param partition of the dead-letters topic
     * @param offset in that partition
     */
    public record Id(int partition, long offset) {

        private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

        /**
         * Reads {@code partition:offset}.
         *
         * @throws IllegalArgumentException if it is something else
         */
        public static Id parse(String text) {
            Matcher id = FORM.matcher(text);
            if (!id.matches()) {
                throw new IllegalArgumentException(
                        "'%s' is no dead letter's id: that is partition:offset".formatted(text));
            }
            return new Id(Integer.parseInt(id.group(1)), Long.parseLong(id.group(2)));
        }

        @Override
        public String toString() {
            return partition + ":" + offset;
        }
    }

    static ListedDeadLetter of(ConsumerRecord<byte[], byte[]> letter) {
        return new ListedDeadLetter(
                new Id(letter.partition(), letter.offset()),
                Instant.ofEpochMilli(letter.timestamp()),
                text(letter, DeadLetter.TOPIC),
                (int) number(letter, DeadLetter.PARTITION),
                number(letter, DeadLetter.OFFSET),
                letter.key() == null ? null : new String(letter.key(), StandardCharsets.UTF_8),
                letter.value() == null ? -1 : letter.value().length,
                DeadLetter.isWhole(letter.headers()),
                text(letter, DeadLetter.MESSAGE));
    }

    /** True when there is a value to put back: there is none where it was missing, or too large for the dead letters. */
    public boolean hasValue() {
        return bytes >= 0;
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static long number(ConsumerRecord<byte[], byte[]> letter, String name) {
        String digits = text(letter, name);
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
    }
}

package io.inkstream.client.deadletters;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.requests.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter as it is listed: all but its value.
 *
 * @param id its place in the dead-letters topic
 * @param at when the rejected record was written
 * @param topic where that was read; empty if the dead letter does not name it
 * @param partition its partition there; -1 if unknown
 * @param offset its offset there; -1 if unknown
 * @param key its key as text; empty if it has none
 * @param corpus the corpus that its key names or, where it has no key, its header; empty if it has neither
 * @param bytes size of its value; -1 if it has none
 * @param whole true: it holds the whole record; false: the record was too large, and the rest of it is only in its own topic
 * @param reason why it was rejected
 */
public record ListedDeadLetter(
        Id id,
        Instant at,
        String topic,
        int partition,
        long offset,
        Optional<String> key,
        Optional<String> corpus,
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
         * @throws IllegalArgumentException if it is not an id
         */
        public static Id parse(String text) {
            Matcher id = FORM.matcher(text);
            if (!id.matches()) {
                throw new IllegalArgumentException(
                        "'%s' is not the id of a dead letter, which is partition:offset".formatted(text));
            }
            return new Id(Integer.parseInt(id.group(1)), Long.parseLong(id.group(2)));
        }

        @Override
        public String toString() {
            return partition + ":" + offset;
        }
    }

    static ListedDeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        return new ListedDeadLetter(
                new Id(record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                text(record, DeadLetter.TOPIC),
                (int) number(record, DeadLetter.PARTITION),
                number(record, DeadLetter.OFFSET),
                key(record),
                key(record).or(() -> header(record, RequestHeaders.CORPUS)),
                record.value() == null ? -1 : record.value().length,
                DeadLetter.isWhole(record.headers()),
                text(record, DeadLetter.MESSAGE));
    }

    /** True if there is a value to replay: it is missing where the record had none, or it was too large for a dead letter. */
    public boolean hasValue() {
        return bytes >= 0;
    }

    private static Optional<String> key(ConsumerRecord<byte[], byte[]> record) {
        return Optional.ofNullable(record.key()).map(key -> new String(key, StandardCharsets.UTF_8));
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        return header(record, name).orElse("");
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String name) {
        String digits = text(record, name);
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
    }
}

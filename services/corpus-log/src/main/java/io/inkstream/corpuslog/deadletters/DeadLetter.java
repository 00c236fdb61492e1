package io.inkstream.corpuslog.deadletters;

import io.inkstream.languagemodel.checkpoint.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record that a stage rejected, on its way to the dead-letters topic: key, value and headers as they came, and the
 * error in the headers that Kafka Streams uses for its own dead letters (KIP-1034).
 *
 * <p>It can always be written: it has at most {@link #LARGEST_BYTES}, whatever the record and the error. The error is
 * cut to fixed limits; if the record is still too large, the largest of value, headers and key are left out, and
 * headers that begin with {@value #OMITTED} name them and their sizes. The whole record is still where it was read.
 */
public final class DeadLetter {

    /** Class name of the exception. */
    public static final String EXCEPTION = "__streams.errors.exception";
    /** What was wrong, for a person to read. Kafka permits no value here; then there was no message. */
    public static final String MESSAGE = "__streams.errors.message";
    /** Stack trace of the exception. */
    public static final String STACKTRACE = "__streams.errors.stacktrace";
    /** The topic that the record was read from. */
    public static final String TOPIC = "__streams.errors.topic";
    /** Its partition there, in decimal digits. */
    public static final String PARTITION = "__streams.errors.partition";
    /** Its offset there, in decimal digits. */
    public static final String OFFSET = "__streams.errors.offset";

    /**
     * What the headers begin with that name a part of the record that is left out: {@code value}, {@code headers} or {@code
     * key}. They hold its size, and the SHA-256 of value and key.
     */
    public static final String OMITTED = "inkstream.omitted.";

    /**
     * How large a dead letter may be, in bytes: as large as a record that Kafka takes by default, and its error. A producer
     * of dead letters needs this as its {@code max.request.size}, and the dead-letters topic as its {@code
     * max.message.bytes}.
     */
    public static final int LARGEST_BYTES = 2 * 1024 * 1024;

    private static final int MAX_MESSAGE_BYTES = 8 * 1024;
    private static final int MAX_STACKTRACE_BYTES = 32 * 1024;
    private static final int MAX_NAME_BYTES = 1024;

    /** Room for the headers that are added, in bytes; their limits add up to less. */
    private static final int ERROR_BYTES = 64 * 1024;

    private DeadLetter() {}

    /**
     * Makes a dead letter.
     *
     * @param deadLetterTopic where it goes
     * @param record the rejected record
     * @param error why; its message is what a user reads
     */
    public static ProducerRecord<byte[], byte[]> of(
            String deadLetterTopic, ConsumerRecord<byte[], byte[]> record, Exception error) {
        List<Part> omitted = oversized(record);
        Headers headers = omitted.contains(Part.HEADERS) ? new RecordHeaders() : new RecordHeaders(record.headers());
        StringBuilder omission = new StringBuilder();
        for (Part part : omitted) {
            headers.add(OMITTED + part.tag(), part.described(record).getBytes(StandardCharsets.UTF_8));
            omission.append(" The %s of %d bytes %s too large for the dead letters: %s where it was read."
                    .formatted(
                            part.tag(),
                            part.size(record),
                            part == Part.HEADERS ? "are" : "is",
                            part == Part.HEADERS ? "they are" : "it is"));
        }
        addError(headers, error, omission.toString(), record);
        // Kafka rejects a negative timestamp, which records of very old formats have: the time of writing is used.
        Long timestamp = record.timestamp() < 0 ? null : Long.valueOf(record.timestamp());
        return new ProducerRecord<>(
                deadLetterTopic,
                null,
                timestamp,
                omitted.contains(Part.KEY) ? null : record.key(),
                omitted.contains(Part.VALUE) ? null : record.value(),
                headers);
    }

    /** True when it holds the whole record, so that the record can be put back. */
    public static boolean isWhole(Headers headers) {
        return Part.all().noneMatch(part -> headers.lastHeader(OMITTED + part.tag()) != null);
    }

    /** The largest parts, as many as have to be left out. */
    private static List<Part> oversized(ConsumerRecord<byte[], byte[]> record) {
        long size = RecordSize.of(record.key(), record.value(), record.headers());
        List<Part> largestFirst = Part.all()
                .sorted(Comparator.<Part>comparingLong(part -> part.size(record))
                        .reversed())
                .toList();
        int parts = 0;
        while (size > LARGEST_BYTES - ERROR_BYTES) {
            size -= largestFirst.get(parts).size(record);
            parts++;
        }
        return largestFirst.subList(0, parts);
    }

    private static void addError(
            Headers headers, Exception error, String omission, ConsumerRecord<byte[], byte[]> record) {
        add(headers, EXCEPTION, BoundedText.utf8(error.getClass().getName(), MAX_NAME_BYTES));
        add(headers, MESSAGE, message(error.getMessage(), omission));
        add(headers, STACKTRACE, BoundedText.stackTrace(error, MAX_STACKTRACE_BYTES));
        add(headers, TOPIC, record.topic().getBytes(StandardCharsets.UTF_8));
        add(headers, PARTITION, Integer.toString(record.partition()).getBytes(StandardCharsets.UTF_8));
        add(headers, OFFSET, Long.toString(record.offset()).getBytes(StandardCharsets.UTF_8));
    }

    private static byte @Nullable [] message(@Nullable String message, String omission) {
        if (message == null) {
            return omission.isEmpty() ? null : omission.strip().getBytes(StandardCharsets.UTF_8);
        }
        String beginning = new String(BoundedText.utf8(message, MAX_MESSAGE_BYTES), StandardCharsets.UTF_8);
        return (beginning + omission).getBytes(StandardCharsets.UTF_8);
    }

    private static void add(Headers headers, String name, byte @Nullable [] value) {
        headers.add(name, value);
    }

    /** What can be left out of a record. */
    private enum Part {
        VALUE,
        HEADERS,
        KEY;

        static Stream<Part> all() {
            return Stream.of(values());
        }

        String tag() {
            return switch (this) {
                case VALUE -> "value";
                case HEADERS -> "headers";
                case KEY -> "key";
            };
        }

        long size(ConsumerRecord<byte[], byte[]> record) {
            return this == HEADERS ? RecordSize.of(record.headers()) : bytes(record).length;
        }

        String described(ConsumerRecord<byte[], byte[]> record) {
            return this == HEADERS
                    ? "%d headers, %d bytes".formatted(record.headers().toArray().length, size(record))
                    : "%d bytes, SHA-256 %s".formatted(size(record), Sha256.of(bytes(record)));
        }

        /** The part; empty where the record has none. */
        private byte[] bytes(ConsumerRecord<byte[], byte[]> record) {
            byte @Nullable [] bytes = this == KEY ? record.key() : record.value();
            return bytes == null ? new byte[0] : bytes;
        }
    }
}

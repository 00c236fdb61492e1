package io.inkstream.platform.deadletters;

import io.inkstream.platform.InkstreamException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record that a stage could not take, on its way to the dead-letters topic: key, value and headers as they came, and
 * the reason in the headers that Kafka Streams uses for its own dead letters (KIP-1034).
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
     * How large a dead letter may be, in bytes: as large as a record that Kafka takes by default, and its reason. A producer
     * of dead letters needs this as its {@code max.request.size}.
     */
    public static final int LARGEST_BYTES = 2 * 1024 * 1024;

    /** Room for the headers that are added, in bytes. */
    private static final int ROOM_FOR_THE_REASON = 64 * 1024;

    private DeadLetter() {}

    /**
     * Makes a dead letter. Where the cluster's own limit was raised, a record may be larger than the dead letters take: then
     * the letter has no value, and says so; not to write it at all would be worse, and to stop for it too.
     *
     * @param deadLetterTopic where it goes
     * @param record what could not be taken
     * @param reason why; its message is what a user reads
     */
    public static ProducerRecord<byte[], byte[]> of(
            String deadLetterTopic, ConsumerRecord<byte[], byte[]> record, Exception reason) {
        Headers headers = new RecordHeaders(record.headers());
        boolean fits = fits(record.key(), record.value(), headers);
        addReason(
                headers,
                fits ? reason : new InkstreamException(withoutValue(reason.getMessage(), record.value()), reason),
                record.topic(),
                record.partition(),
                record.offset());
        // Kafka refuses a negative timestamp, which records of very old formats have: then the time of writing is
        // taken.
        Long timestamp = record.timestamp() < 0 ? null : Long.valueOf(record.timestamp());
        return new ProducerRecord<>(
                deadLetterTopic, null, timestamp, record.key(), fits ? record.value() : null, headers);
    }

    /** True when the dead letters take a record of this size and its reason. */
    public static boolean fits(byte[] key, byte[] value, Headers headers) {
        long size = value == null ? 0 : value.length;
        size += key == null ? 0 : key.length;
        for (Header header : headers) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size <= LARGEST_BYTES - ROOM_FOR_THE_REASON;
    }

    /** The message of a dead letter that leaves its value, which does not fit, where it was read. */
    public static String withoutValue(String message, byte[] value) {
        return "%s The value of %d bytes is too large for the dead letters: it is where it was read."
                .formatted(message, value == null ? 0 : value.length);
    }

    /** Adds the reason, and where the record was read, to the headers. */
    public static void addReason(Headers headers, Exception reason, String topic, int partition, long offset) {
        add(headers, EXCEPTION, reason.getClass().getName());
        add(headers, MESSAGE, reason.getMessage());
        add(headers, STACKTRACE, stackTrace(reason));
        add(headers, TOPIC, topic);
        add(headers, PARTITION, Integer.toString(partition));
        add(headers, OFFSET, Long.toString(offset));
    }

    private static String stackTrace(Exception reason) {
        StringWriter text = new StringWriter();
        reason.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
}

package io.inkstream.platform.deadletters;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record that a stage could not take, on its way to the dead-letters topic: key, value and headers as they came, and
 * the reason in the headers that Kafka Streams uses for its own dead letters (KIP-1034).
 */
public final class DeadLetter {

    private static final String HEADER = "__streams.errors.";

    private DeadLetter() {}

    /**
     * Makes a dead letter.
     *
     * @param deadLetterTopic where it goes
     * @param record what could not be taken
     * @param reason why; its message is what a user reads
     */
    public static ProducerRecord<byte[], byte[]> of(
            String deadLetterTopic, ConsumerRecord<byte[], byte[]> record, Exception reason) {
        Headers headers = new RecordHeaders(record.headers());
        addReason(headers, reason, record.topic(), record.partition(), record.offset());
        return new ProducerRecord<>(deadLetterTopic, null, record.timestamp(), record.key(), record.value(), headers);
    }

    /** Adds the reason, and where the record was read, to the headers. */
    public static void addReason(Headers headers, Exception reason, String topic, int partition, long offset) {
        add(headers, "exception", reason.getClass().getName());
        add(headers, "message", String.valueOf(reason.getMessage()));
        add(headers, "topic", topic);
        add(headers, "partition", Integer.toString(partition));
        add(headers, "offset", Long.toString(offset));
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(HEADER + name, value.getBytes(StandardCharsets.UTF_8));
    }
}

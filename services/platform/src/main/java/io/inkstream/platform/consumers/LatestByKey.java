package io.inkstream.platform.consumers;

import io.inkstream.platform.config.Connection;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition of a compacted topic from its start to what was its end: the newest committed value of each key that lives
 * there. A value that cannot be decoded is skipped, so that its key keeps the value before.
 *
 * @param values the newest value of each key that has one
 * @param end the offset behind the last record that was read
 * @param <T> the class of the values
 */
public record LatestByKey<T>(Map<String, T> values, long end) {

    private static final Logger log = LoggerFactory.getLogger(LatestByKey.class);

    /** Keeps a copy. */
    public LatestByKey {
        values = Map.copyOf(values);
    }

    /**
     * Reads a partition.
     *
     * @param partition of a compacted topic
     * @param filter which records count
     * @param deserializer of the values; null values remove their key
     * @return the newest value of each key
     * @throws org.apache.kafka.common.errors.RetriableException if the brokers deliver nothing for
     *     {@link BoundedRead#DEFAULT_TIMEOUT}, or the registry is unavailable: try again
     */
    public static <T> Map<String, T> read(
            Connection connection,
            TopicPartition partition,
            RecordFilter.Factory filter,
            Deserializer<T> deserializer) {
        return read(connection, partition, filter, deserializer, (record, error) -> {})
                .values();
    }

    /**
     * Reads a partition.
     *
     * @param filter which records count
     * @param rejected called with each record whose value cannot be decoded, and why; in order
     * @see #read(Connection, TopicPartition, RecordFilter.Factory, Deserializer)
     */
    public static <T> LatestByKey<T> read(
            Connection connection,
            TopicPartition partition,
            RecordFilter.Factory filter,
            Deserializer<T> deserializer,
            BiConsumer<ConsumerRecord<byte[], byte[]>, SerializationException> rejected) {
        Map<String, T> latest = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = ConsumerFactory.openBounded(connection)) {
            RecordFilter counting =
                    filter.of(consumer.partitionsFor(partition.topic()).size());
            Map<TopicPartition, Long> ends = BoundedRead.IN_SERVICE.readToEnd(consumer, List.of(partition), record -> {
                if (counting.accepts(record)) {
                    take(record, deserializer, latest, rejected);
                }
            });
            return new LatestByKey<>(latest, ends.getOrDefault(partition, 0L));
        }
    }

    private static <T> void take(
            ConsumerRecord<byte[], byte[]> record,
            Deserializer<T> deserializer,
            Map<String, T> latest,
            BiConsumer<ConsumerRecord<byte[], byte[]>, SerializationException> rejected) {
        if (record.key() == null) {
            return; // no key, nothing to look it up by
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            latest.remove(key);
            return;
        }
        try {
            latest.put(key, deserializer.deserialize(record.topic(), record.headers(), record.value()));
        } catch (SerializationException e) {
            log.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("key", key)
                    .addKeyValue("error", e.getMessage())
                    .log("Record could not be read; its key keeps the value before");
            rejected.accept(record, e);
        }
    }
}

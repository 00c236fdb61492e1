package io.inkstream.platform.consumers;

import io.inkstream.platform.config.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition of a compacted topic from its start to what was its end: the newest committed value of each key that lives
 * there. A value that cannot be decoded is passed over, so that its key keeps the value before.
 *
 * @param values the newest value of each key that has one
 * @param end the offset behind the last record that was read
 * @param <T> the class of the values
 */
public record LatestByKey<T>(Map<String, T> values, long end) {

    private static final Logger log = LoggerFactory.getLogger(LatestByKey.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
     * @throws org.apache.kafka.common.errors.RetriableException if the brokers give no records for a minute, or the
     *     registry is away: try again
     */
    public static <T> Map<String, T> read(
            Connection connection,
            TopicPartition partition,
            RecordFilter.Factory filter,
            Deserializer<T> deserializer) {
        return read(connection, partition, filter, deserializer, (record, reason) -> {})
                .values();
    }

    /**
     * Reads a partition.
     *
     * @param filter which records count
     * @param passedOver told of each record whose value cannot be decoded, and why; in order
     * @see #read(Connection, TopicPartition, RecordFilter.Factory, Deserializer)
     */
    public static <T> LatestByKey<T> read(
            Connection connection,
            TopicPartition partition,
            RecordFilter.Factory filter,
            Deserializer<T> deserializer,
            BiConsumer<ConsumerRecord<byte[], byte[]>, SerializationException> passedOver) {
        Map<String, Object> properties = CommittedReads.bounded(connection);
        Map<String, T> latest = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            RecordFilter counting =
                    filter.of(consumer.partitionsFor(partition.topic()).size());
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long lastNews = System.nanoTime();
            while (consumer.position(partition) < end) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (counting.accepts(record)) {
                        take(record, deserializer, latest, passedOver);
                    }
                }
                // The time that the registry is waited for is not the brokers' silence.
                lastNews = records.isEmpty() ? lastNews : System.nanoTime();
                if (System.nanoTime() - lastNews > PATIENCE.toNanos()) {
                    throw new TimeoutException("%s gave no records for %d s, short of its end (offset %d)."
                            .formatted(partition, PATIENCE.toSeconds(), end));
                }
            }
            return new LatestByKey<>(latest, consumer.position(partition));
        }
    }

    private static <T> void take(
            ConsumerRecord<byte[], byte[]> record,
            Deserializer<T> deserializer,
            Map<String, T> latest,
            BiConsumer<ConsumerRecord<byte[], byte[]>, SerializationException> passedOver) {
        if (record.key() == null) {
            return; // nobody can ask for it
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
                    .addKeyValue("reason", e.getMessage())
                    .log("A record cannot be read; its key keeps the value before");
            passedOver.accept(record, e);
        }
    }
}

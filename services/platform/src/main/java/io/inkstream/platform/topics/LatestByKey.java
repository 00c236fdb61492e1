package io.inkstream.platform.topics;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.CommittedReads;
import io.inkstream.platform.config.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads a partition of a compacted topic from its start to its present end: the newest committed value of each key. */
public final class LatestByKey {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private LatestByKey() {}

    /**
     * Reads a partition.
     *
     * @param partition of a compacted topic whose keys are UTF-8
     * @param deserializer of the values; null values remove their key
     * @return the newest value of each key
     * @throws InkstreamException if the end is not reached within a minute
     */
    public static <T> Map<String, T> read(
            Connection connection, TopicPartition partition, Deserializer<T> deserializer) {
        Map<String, Object> properties = CommittedReads.properties(connection);
        Map<String, T> latest = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.key() == null) {
                        continue; // nobody can ask for it
                    }
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        latest.remove(key);
                    } else {
                        latest.put(key, deserializer.deserialize(record.topic(), record.headers(), record.value()));
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new InkstreamException("%s could not be read to its end (offset %d) within %d s."
                            .formatted(partition, end, PATIENCE.toSeconds()));
                }
            }
        }
        return latest;
    }
}

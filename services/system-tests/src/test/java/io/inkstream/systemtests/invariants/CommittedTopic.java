package io.inkstream.systemtests.invariants;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.CommittedReads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a topic holds at this moment for a reader of committed records. */
public final class CommittedTopic {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private CommittedTopic() {}

    /** All records, partition by partition in order. */
    public static List<ConsumerRecord<byte[], byte[]>> read(Connection connection, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(CommittedReads.bounded(connection))) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("%s could not be read to its end within %s".formatted(topic, TIMEOUT));
                }
            }
        }
        return records;
    }

    /** The offset after the last record of each partition, by the partition's number; transaction markers count. */
    public static Map<Integer, Long> ends(Connection connection, String topic) {
        return ends(topic, CommittedReads.bounded(connection));
    }

    /** Partitions in which a transaction is open, so that readers of committed records do not get to the end. */
    public static List<Integer> heldUp(Connection connection, String topic) {
        Map<String, Object> uncommitted = new HashMap<>(CommittedReads.bounded(connection));
        uncommitted.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        Map<Integer, Long> all = ends(topic, uncommitted);
        Map<Integer, Long> stable = ends(connection, topic);
        return all.keySet().stream()
                .filter(partition -> stable.get(partition) < all.get(partition))
                .toList();
    }

    private static Map<Integer, Long> ends(String topic, Map<String, Object> properties) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(properties)) {
            Map<Integer, Long> ends = new TreeMap<>();
            consumer.endOffsets(partitions(consumer, topic))
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }
}

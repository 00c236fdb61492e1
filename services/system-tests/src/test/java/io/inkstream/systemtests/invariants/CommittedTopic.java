package io.inkstream.systemtests.invariants;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.platform.consumers.ConsumerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What a topic holds at this moment for a reader of committed records. */
public final class CommittedTopic {

    private CommittedTopic() {}

    /** All records, partition by partition in order. */
    public static List<ConsumerRecord<byte[], byte[]>> read(Connection connection, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = ConsumerFactory.openBounded(connection)) {
            BoundedRead.IN_COMMAND.readToEnd(consumer, partitions(consumer, topic), records::add);
        }
        return records;
    }

    /** The offset after the last record of each partition, by the partition's number; transaction markers count. */
    public static Map<Integer, Long> ends(Connection connection, String topic) {
        return ends(connection, topic, "read_committed");
    }

    /** Partitions in which a transaction is open, so that readers of committed records do not get to the end. */
    public static List<Integer> heldUp(Connection connection, String topic) {
        Map<Integer, Long> all = ends(connection, topic, "read_uncommitted");
        Map<Integer, Long> stable = ends(connection, topic);
        return all.keySet().stream()
                .filter(partition -> stable.get(partition) < all.get(partition))
                .toList();
    }

    private static Map<Integer, Long> ends(Connection connection, String topic, String isolation) {
        try (KafkaConsumer<byte[], byte[]> consumer = ConsumerFactory.openBounded(
                connection, properties -> properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation))) {
            Map<Integer, Long> ends = new TreeMap<>();
            consumer.endOffsets(partitions(consumer, topic))
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }
}

package io.inkstream.testsupport;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.platform.consumers.ConsumerFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics to their end again and again, as tests do that wait for a record. It keeps its consumers, as to open one takes
 * many times as long as to read a topic of a test. Safe for use by several threads.
 */
final class TopicReader implements AutoCloseable {

    private final Connection connection;
    private final Map<String, KafkaConsumer<byte[], byte[]>> consumers = new HashMap<>();

    TopicReader(Connection connection) {
        this.connection = connection;
    }

    /** All records that a topic holds at this moment, at this isolation level. */
    synchronized List<ConsumerRecord<byte[], byte[]>> all(String topic, String isolation) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        KafkaConsumer<byte[], byte[]> consumer = consumers.computeIfAbsent(isolation, this::open);
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            BoundedRead.IN_COMMAND.readToEnd(consumer, partitions, records::add);
        } catch (RuntimeException e) {
            consumers.remove(isolation);
            consumer.close();
            throw e;
        }
        return records;
    }

    @Override
    public synchronized void close() {
        consumers.values().forEach(KafkaConsumer::close);
        consumers.clear();
    }

    private KafkaConsumer<byte[], byte[]> open(String isolation) {
        return ConsumerFactory.openBounded(
                connection, properties -> properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation));
    }
}

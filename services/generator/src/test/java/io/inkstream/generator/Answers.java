package io.inkstream.generator;

import io.inkstream.platform.config.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** Reads whole topics from their beginning, and finds records by their key. */
final class Answers implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    Answers(Connection connection, String... topics) {
        consumer = new KafkaConsumer<>(
                connection.clientProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(topics)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Waits for the answer with this key. */
    ConsumerRecord<byte[], byte[]> await(String key) {
        Awaitility.await("answer to " + key)
                .atMost(TIMEOUT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !known(key).isEmpty() || !all(key).isEmpty());
        return known(key).get(0);
    }

    /** All answers with this key so far. */
    List<ConsumerRecord<byte[], byte[]>> all(String key) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
        return known(key);
    }

    private List<ConsumerRecord<byte[], byte[]>> known(String key) {
        return records.stream().filter(record -> key.equals(text(record.key()))).toList();
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : text(header.value());
    }

    @Override
    public void close() {
        consumer.close();
    }
}

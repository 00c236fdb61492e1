package io.inkstream.generator;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.CommittedReads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** A topic that is compacted as soon as possible, and waiting for that. */
final class ForcedCompaction {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final byte[] FILLER = "filler".getBytes(StandardCharsets.UTF_8);

    private final Connection connection;
    private final TopicPartition partition;

    ForcedCompaction(Connection connection, TopicPartition partition) {
        this.connection = connection;
        this.partition = partition;
    }

    /** Creates the topic. */
    void create(int partitions) throws Exception {
        Map<String, String> settings = Map.of(
                "cleanup.policy", "compact",
                "segment.bytes", Integer.toString(1024 * 1024), // the least that Kafka takes
                "segment.ms", "1",
                "min.cleanable.dirty.ratio", "0.001",
                "min.compaction.lag.ms", "0",
                "max.compaction.lag.ms", "1",
                "delete.retention.ms", "0");
        try (Admin admin = Admin.create(connection.clientProperties())) {
            admin.createTopics(List.of(new NewTopic(partition.topic(), partitions, (short) 1).configs(settings)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** Waits until the record at this offset is gone; its replacement must be written before. */
    void awaitGone(long offset) throws Exception {
        Map<String, Object> properties = CommittedReads.properties(connection);
        properties.remove("interceptor.classes");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            Awaitility.await("compaction of " + partition)
                    .atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        // The active segment is never cleaned; this starts another one.
                        producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), FILLER, FILLER))
                                .get(30, TimeUnit.SECONDS);
                        return nextAt(consumer, offset)
                                .filter(next -> next > offset)
                                .isPresent();
                    });
        }
    }

    private Optional<Long> nextAt(KafkaConsumer<byte[], byte[]> consumer, long offset) {
        consumer.seek(partition, offset);
        return consumer.poll(Duration.ofSeconds(1)).records(partition).stream()
                .map(ConsumerRecord::offset)
                .findFirst();
    }
}

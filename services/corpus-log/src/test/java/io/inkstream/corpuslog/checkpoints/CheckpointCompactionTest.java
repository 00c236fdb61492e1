package io.inkstream.corpuslog.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.platform.config.Connection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointCompactionTest {

    /** The id of the embedded cluster's only node. */
    private static final int NODE = 1;

    private static final int CHUNK_BYTES = 900_000;
    private static final int SLOTS = 3;
    private static final int CHUNKS = 4;
    private static final int CHECKPOINTS = 40;

    @TempDir
    private Path data;

    @Test
    void keepsTheTopicNearTheSizeOfTheLiveRing() throws Exception {
        // Given
        try (EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(data, 0))) {
            broker.start();
            TopicNames names = new TopicNames("ink");
            Connection connection = new Connection(broker.bootstrapServers(), "http://127.0.0.1:1");
            TopicProvisioner.ensure(connection, names, 1, Set.of(Topic.CHECKPOINTS));
            String topic = names.of(Topic.CHECKPOINTS);

            // When 144 MB are written into a ring of 11 MB
            writeCheckpoints(broker.bootstrapServers(), topic);

            // Then at most the active segment and the one being cleaned stand beside the ring
            long most = SLOTS * CHUNKS * CHUNK_BYTES + 3L * 16 * 1024 * 1024;
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(size(admin, topic))
                        .isLessThan(most));
            }
        }
    }

    private static void writeCheckpoints(String bootstrapServers, String topic) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer())) {
            byte[] chunk = new byte[CHUNK_BYTES];
            new SplittableRandom(1).nextBytes(chunk);
            for (int checkpoint = 0; checkpoint < CHECKPOINTS; checkpoint++) {
                for (int i = 0; i < CHUNKS; i++) {
                    String key = "wells/%d/%d".formatted(checkpoint % SLOTS, i);
                    producer.send(new ProducerRecord<>(topic, key, chunk)).get(30, TimeUnit.SECONDS);
                }
            }
        }
    }

    private static long size(Admin admin, String topic) throws Exception {
        return admin.describeLogDirs(List.of(NODE)).allDescriptions().get(30, TimeUnit.SECONDS).values().stream()
                .flatMap(folders -> folders.values().stream())
                .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().equals(topic))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }
}

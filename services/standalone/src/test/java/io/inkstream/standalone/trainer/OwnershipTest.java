package io.inkstream.standalone.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.checkpoints.CheckpointSlots;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.AvroSerde;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.standalone.stack.EmbeddedCluster;
import io.inkstream.trainer.TrainerService;
import io.inkstream.trainer.TrainerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an owner publishes while it gains and loses partitions. */
@Timeout(120)
class OwnershipTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static EmbeddedCluster cluster;

    private Connection connection;
    private TopicNames topics;

    @BeforeAll
    static void startCluster() {
        cluster = new EmbeddedCluster(folder.resolve("data"), 0, 0, Map.of());
        cluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void name() {
        connection = cluster.connection();
        topics = new TopicNames("ownership" + TESTS.incrementAndGet());
    }

    @Test
    void aReleaseThatFailsLetsGoAtOnce() {
        // Given an owner with steps that are not committed, and a manifest that cannot be written any more
        RefusingSerde.refusing.set(false);
        Connection refusing = new Connection(
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                RefusingSerde.class.getName(),
                connection.kafkaProperties());
        TrainerService owner = trainer(refusing, Duration.ofHours(1));
        try (TokenTopic tokens = new TokenTopic(connection, topics)) {
            tokens.appendTokens("corpus", 2_000);
            tokens.publish("corpus", endless());
            await().atMost(PATIENCE).until(() -> !tokens.manifests("corpus").isEmpty());
            long committed = newest(tokens).getStep();
            await().atMost(PATIENCE)
                    .until(() -> tokens.progress("corpus").stream().anyMatch(live -> live.getStep() > committed));
            RefusingSerde.refusing.set(true);

            // When it ends, which gives its partitions back
            long start = System.nanoTime();
            owner.close();

            // Then nobody waits for what cannot be committed
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(newest(tokens).getStep()).isEqualTo(committed);

            // And the next owner takes over
            try (TrainerService next = trainer(connection, Duration.ofMillis(200))) {
                await().atMost(PATIENCE).until(() -> newest(tokens).getStep() > committed);
                assertThat(next.health().live()).isTrue();
            }
        } finally {
            RefusingSerde.refusing.set(false);
            owner.close();
        }
    }

    private CheckpointManifest newest(TokenTopic tokens) {
        List<CheckpointManifest> manifests = tokens.manifests("corpus");
        return manifests.get(manifests.size() - 1);
    }

    private TrainerService trainer(Connection with, Duration checkpointInterval) {
        TrainerService trainer = new TrainerService(
                with,
                topics,
                new TrainerSettings(PARTITIONS, checkpointInterval, new CheckpointSlots(4, 0), "cpu", 1),
                new SimpleMeterRegistry());
        trainer.start();
        return trainer;
    }

    private static TrainingSpec endless() {
        return TrainingSpec.newBuilder()
                .setHidden(16)
                .setBatch(4)
                .setWindow(20)
                .setEpochs(1_000_000)
                .build();
    }

    /** Inkstream's own serde, until it refuses manifests. */
    public static final class RefusingSerde implements Serde<SpecificRecord> {

        static final AtomicBoolean refusing = new AtomicBoolean();

        private final AvroSerde<SpecificRecord> own = new AvroSerde<>();

        @Override
        public void configure(Map<String, ?> properties, boolean isKey) {
            own.configure(properties, isKey);
        }

        @Override
        public Serializer<SpecificRecord> serializer() {
            return (topic, value) -> {
                if (refusing.get() && value instanceof CheckpointManifest) {
                    throw new InkstreamException("This manifest cannot be written.");
                }
                return own.serializer().serialize(topic, value);
            };
        }

        @Override
        public Deserializer<SpecificRecord> deserializer() {
            return own.deserializer();
        }

        @Override
        public void close() {
            own.close();
        }
    }
}

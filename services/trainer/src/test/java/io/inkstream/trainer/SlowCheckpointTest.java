package io.inkstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.TransactionTimeout;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.testsupport.TokenTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that take longer to write than a transaction may, at first or for good. */
class SlowCheckpointTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final AtomicInteger TESTS = new AtomicInteger();

    /** Of the broker: the most that it allows a transaction. */
    private static final int MOST_MILLIS = 8_000;

    @TempDir
    static Path data;

    private static EmbeddedCluster cluster;

    private Connection connection;
    private TopicNames topics;
    private TrainerService trainer;
    private TokenTopic tokens;

    @BeforeAll
    static void startCluster() {
        cluster = new EmbeddedCluster(
                new BrokerSettings(
                        data.resolve("broker"),
                        0,
                        Map.of(
                                "transaction.max.timeout.ms", Integer.toString(MOST_MILLIS),
                                "quota.window.num", "2",
                                "quota.window.size.seconds", "1")),
                0,
                Map.of());
        cluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void prepareTopics() {
        topics = new TopicNames("slow" + TESTS.incrementAndGet());
        connection = withTimeout(1_000);
        trainer = Trainers.start(connection, topics, 1);
        tokens = new TokenTopic(connection, topics);
    }

    @AfterEach
    void stopTrainer() {
        tokens.close();
        trainer.close();
    }

    /** At 400 KB/s a checkpoint of 1.5 MB takes some 3 s; a transaction is allowed 1 s, then 2 s, then 4 s, then 8 s. */
    @Test
    void aCheckpointThatTakesLongerThanItsTransactionIsGivenMoreTime() throws Exception {
        // Given
        slowDown(400_000);
        tokens.appendTokens("slow", 1_000);

        // When
        tokens.publish("slow", Trainers.spec(600, 1));

        // Then
        await().atMost(TIMEOUT).until(() -> tokens.isFinished("slow"));
        assertThat(tokens.newest("slow").getBytes()).isGreaterThan(1_400_000);
    }

    @Tag("full")
    @Test
    void aCheckpointThatIsTooSlowForTheBrokerFailsItsCorpusAlone() throws Exception {
        // Given a checkpoint of 6 MB, which takes 20 s where the broker allows 8
        slowDown(300_000);
        tokens.appendTokens("never", 1_000);
        tokens.appendTokens("soon", 1_000);

        // When
        tokens.publish("never", Trainers.spec(1_200, 1));

        // Then
        await().atMost(Duration.ofMinutes(2))
                .until(() -> tokens.reportsFailure("never", "raise the broker's transaction.max.timeout.ms"));
        tokens.publish("soon", Trainers.spec(16, 2));
        await().atMost(TIMEOUT).until(() -> tokens.isFinished("soon"));
        assertThat(tokens.findNewest("never")).isEmpty();
    }

    @Test
    void theTransactionTimeoutGrowsWithTheCheckpoint() {
        // Given
        TransactionTimeout usual = new TransactionTimeout(30_000);

        // When, Then at a megabyte a second
        assertThat(usual.forBytes(1_000_000)).isEqualTo(usual);
        assertThat(usual.forBytes(100_000_000)).isEqualTo(new TransactionTimeout(120_000));
        assertThat(usual.forBytes(Long.MAX_VALUE).millis()).isPositive();

        // Then what the broker does not allow is not insisted on
        trainer.close();
        try (CheckpointTransactions transactions = new CheckpointTransactions(withTimeout(1_000), topics, 0, usual)) {
            assertThat(transactions.timeout().millis()).isBetween(1_000, MOST_MILLIS);
        }
    }

    private Connection withTimeout(int millis) {
        Connection connected = cluster.connection();
        return new Connection(
                connected.bootstrapServers(),
                connected.schemaRegistryUrl(),
                connected.serdeClass(),
                Map.of("transaction.timeout.ms", Integer.toString(millis)));
    }

    /** Lets the broker take so many bytes a second from the trainer's transactions. */
    private void slowDown(int bytesPerSecond) throws Exception {
        ClientQuotaEntity trainers = new ClientQuotaEntity(
                Map.of(ClientQuotaEntity.CLIENT_ID, "producer-" + topics.group("trainer") + "-0"));
        try (Admin admin = Admin.create(connection.clientProperties())) {
            admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                            trainers,
                            List.of(new ClientQuotaAlteration.Op("producer_byte_rate", (double) bytesPerSecond)))))
                    .all()
                    .get();
        }
    }
}

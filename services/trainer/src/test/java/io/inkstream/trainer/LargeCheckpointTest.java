package io.inkstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.checkpoints.CheckpointRejectedException;
import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.deadletters.DeadLetterPositions;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.testsupport.CheckpointCommitter;
import io.inkstream.testsupport.EndedTransactions;
import io.inkstream.testsupport.TokenTopic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that are large, or cannot be written at all. */
class LargeCheckpointTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path data;

    private static EmbeddedCluster cluster;

    private Connection connection;
    private TopicNames topics;
    private TrainerService trainer;
    private TokenTopic tokens;

    @BeforeAll
    static void startCluster() {
        cluster = new EmbeddedCluster(data.resolve("broker"), 0, 0, Map.of());
        cluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void prepareTopics() {
        topics = new TopicNames("large" + TESTS.incrementAndGet());
        connection = cluster.connection();
        start(0);
        tokens = new TokenTopic(connection, topics);
    }

    @AfterEach
    void stopTrainer() {
        tokens.close();
        trainer.close();
    }

    /** No copy of a checkpoint is made to write or to read it: 300 MB in a heap of 64 MB. */
    @Test
    void aCheckpointLargerThanTheHeapIsWrittenAndRead() throws Exception {
        assertThat(committedAndRead(300_000_000, 64)).isEqualTo("300000000");
    }

    @Tag("full")
    @Test
    void aCheckpointOfMoreThanTwoGigabytesIsWrittenAndRead() throws Exception {
        assertThat(committedAndRead(2_200_000_000L, 64)).isEqualTo("2200000000");
    }

    @Test
    void aCheckpointThatTheTopicRejectsFailsItsCorpusAlone() throws Exception {
        // Given a topic for checkpoints that takes small ones only
        limitChunks(60_000);
        tokens.appendTokens("wide", 1_000);
        tokens.appendTokens("narrow", 1_000);

        // When
        tokens.publish("wide", Trainers.spec(200, 1));
        await().atMost(TIMEOUT).until(() -> tokens.reportsFailure("wide", "larger than topic"));
        tokens.publish("narrow", Trainers.spec(16, 2));

        // Then
        await().atMost(TIMEOUT).until(() -> tokens.isFinished("narrow"));
        assertThat(tokens.findNewest("wide")).isEmpty();
        assertThat(trainer.health().live()).isTrue();
    }

    @Test
    void aCheckpointThatCannotBeMadeFailsItsCorpusAlone() throws Exception {
        // Given a corpus with a manifest whose successor has no slot
        tokens.appendTokens("last", 1_000);
        tokens.publish("last", Trainers.spec(16, 1));
        await().atMost(TIMEOUT).until(() -> tokens.isFinished("last"));
        trainer.close();
        CheckpointManifest last = CheckpointManifest.newBuilder(tokens.newest("last"))
                .setNumber(1L << 40)
                .build();
        tokens.forge("last", last);
        start(1);

        // When it is trained further, beside another one
        tokens.publish("last", Trainers.spec(16, 3));
        tokens.appendTokens("other", 1_000);
        tokens.publish("other", Trainers.spec(16, 2));

        // Then
        await().atMost(TIMEOUT).until(() -> tokens.reportsFailure("last", "its checkpoint cannot be made"));
        await().atMost(TIMEOUT).until(() -> tokens.isFinished("other"));
        assertThat(tokens.newest("last")).isEqualTo(last);
        assertThat(trainer.health().live()).isTrue();
    }

    @Test
    void aCheckpointThatFailsWhileItIsWrittenIsRolledBackAndTheNextOneIsCommitted() {
        // Given content that there is not memory enough for
        trainer.close();
        PreparedCheckpoint whole = CheckpointCommitter.checkpoint(2_000_000);
        PreparedCheckpoint broken = new PreparedCheckpoint(
                "large",
                out -> {
                    whole.file().writeTo(out);
                    throw new OutOfMemoryError("Java heap space");
                },
                2_000_000,
                whole.manifest(),
                List.of(),
                sha256 -> {});
        Settlement settlement = new Settlement(List.of(), new DeadLetterPositions(0, 0), 0);
        try (CheckpointTransactions transactions = new CheckpointTransactions(connection, topics, 0)) {
            // When
            assertThatThrownBy(() -> transactions.commitCheckpoint(broken, settlement, tokens.groupMetadata()))
                    .isInstanceOf(CheckpointRejectedException.class)
                    .hasMessageContaining("Java heap space");
            transactions.abort();

            // Then
            assertThat(tokens.committed(Topic.CHECKPOINTS)).isEmpty();
            transactions.commitCheckpoint(whole, settlement, tokens.groupMetadata());
            EndedTransactions.awaitMarkers(connection);
            assertThat(tokens.committed(Topic.CHECKPOINTS)).hasSize(3);
        }
    }

    private String committedAndRead(long bytes, int heapMegabytes) throws Exception {
        trainer.close();
        Process committer = CheckpointCommitter.spawn(cluster.connection(), topics, bytes, heapMegabytes);
        try {
            assertThat(committer.waitFor(100, TimeUnit.SECONDS)).isTrue();
            return new String(committer.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .reduce("", (before, line) -> line);
        } finally {
            committer.destroyForcibly();
        }
    }

    private void start(int keepEvery) {
        trainer = Trainers.start(connection, topics, 1, Trainers.OFTEN, new CheckpointSlots(4, keepEvery));
    }

    private void limitChunks(int bytes) throws Exception {
        try (Admin admin = Admin.create(connection.clientProperties())) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topics.of(Topic.CHECKPOINTS)),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }
}

package io.inkstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.inkstream.client.operations.Rollback;
import io.inkstream.corpuslog.checkpoints.CheckpointHistory;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.ManifestDraft;
import io.inkstream.corpuslog.checkpoints.OwnershipLostException;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.deadletters.DeadLetterPositions;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingState;
import io.inkstream.testsupport.EndedTransactions;
import io.inkstream.testsupport.TokenTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may happen during a rollback: commits, overwritten slots, and clocks that are wrong. */
@Timeout(120)
class RollbackTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final String CORPUS = "back";
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static EmbeddedCluster cluster;

    private Connection connection;
    private TopicNames topics;
    private TokenTopic tokens;

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
    void createTopics() {
        connection = cluster.connection();
        topics = new TopicNames("rollback" + TESTS.incrementAndGet());
        TopicProvisioner.ensure(connection, topics, PARTITIONS, EnumSet.allOf(Topic.class));
        tokens = new TokenTopic(connection, topics);
    }

    @AfterEach
    void close() {
        tokens.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {-10, 10})
    void holdsUntilSettingsArePublishedAgainWhateverTheirClock(int minutesOff) {
        try (TrainerService trainer = Trainers.start(connection, topics, PARTITIONS)) {
            // Given a model in training by settings of somebody whose clock is wrong
            Duration off = Duration.ofMinutes(minutesOff);
            tokens.appendTokens(CORPUS, 2_000);
            tokens.publish(CORPUS, Trainers.endless(), Instant.now().plus(off));
            await().atMost(TIMEOUT)
                    .until(() -> !tokens.manifests(CORPUS).isEmpty()
                            && tokens.newest(CORPUS).getNumber() >= 2);

            // When it is rolled back
            CheckpointManifest target =
                    new CheckpointHistory(connection, topics).of(CORPUS).get(1);
            CheckpointManifest current = new Rollback(connection, topics).to(CORPUS, target.getSha256());

            // Then training waits
            await().atMost(TIMEOUT)
                    .until(() -> tokens.live(CORPUS).getState() == TrainingState.WAITING
                            && tokens.live(CORPUS)
                                    .getMessage()
                                    .contains("rolled back to checkpoint " + target.getSha256()));
            assertThat(tokens.newest(CORPUS)).isEqualTo(current);

            // And resumes when settings are published again
            tokens.publish(CORPUS, Trainers.endless(), Instant.now().plus(off));
            await().atMost(TIMEOUT).until(() -> tokens.newest(CORPUS).getNumber() > current.getNumber());
            assertThat(trainer.health().live()).isTrue();
        }
    }

    @Test
    void aCommitBetweenItsFenceAndItsManifestFails() {
        // Given an owner with a checkpoint that is ready to be committed
        try (CheckpointTransactions owner = new CheckpointTransactions(connection, topics, partition())) {
            CheckpointManifest first = commit(owner, 0, 0, file(1));
            CheckpointManifest second = commit(owner, 1, 1, file(2));
            CheckpointManifest third = commit(owner, 2, 2, file(3));

            // When it commits it after the rollback has fenced it, and before the rollback has written anything
            CompletableFuture<Void> commit =
                    Meanwhile.onceRead(topics.of(Topic.MODELS), 2, () -> commit(owner, 3, first.getSlot(), file(4)));
            CheckpointManifest current =
                    new Rollback(Meanwhile.into(connection), topics).to(CORPUS, second.getSha256());

            // Then it has failed, and nothing of it is there
            assertThat(commit).isCompletedExceptionally();
            assertThatThrownBy(commit::join).hasCauseInstanceOf(OwnershipLostException.class);
            assertThat(current.getRolledBackFrom()).isEqualTo(third.getSha256());
            assertThat(current.getNumber()).isEqualTo(3);
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(tokens.manifests(CORPUS))
                    .containsExactly(first, second, third, current));
            for (CheckpointManifest manifest : List.of(first, current, third)) {
                assertWhole(manifest);
            }
        }
    }

    @Test
    void aTargetThatIsOverwrittenDuringTheRollbackIsRejected() {
        try (CheckpointTransactions owner = new CheckpointTransactions(connection, topics, partition())) {
            // Given
            CheckpointManifest first = commit(owner, 0, 0, file(1));
            commit(owner, 1, 1, file(2));

            // When the owner writes the slot of the older checkpoint again, after the rollback has found it whole
            CompletableFuture<Void> commit = Meanwhile.onceRead(
                    topics.of(Topic.CHECKPOINTS), 1, () -> commit(owner, 2, first.getSlot(), file(3)));
            Rollback rollback = new Rollback(Meanwhile.into(connection), topics);

            // Then the rollback names no chunks that compaction is about to take
            assertThatThrownBy(() -> rollback.to(CORPUS, first.getSha256()))
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageContaining("was overwritten");
            assertThat(commit).isCompleted();
            assertThat(tokens.newest(CORPUS).getNumber()).isEqualTo(2);
        }
    }

    @Test
    void ofTwoCheckpointsWithTheSameContentTheOneStillInItsSlotIsUsed() {
        try (CheckpointTransactions owner = new CheckpointTransactions(connection, topics, partition())) {
            // Given the same checkpoint in two slots, of which the first was written again
            commit(owner, 0, 0, file(1));
            commit(owner, 1, 1, file(2));
            CheckpointManifest again = commit(owner, 2, 2, file(1));
            commit(owner, 3, 0, file(3));

            // When
            CheckpointManifest current = new Rollback(connection, topics).to(CORPUS, again.getSha256());

            // Then
            assertThat(current.getChunkOffsets()).isEqualTo(again.getChunkOffsets());
            assertThat(current.getSlot()).isEqualTo(again.getSlot());
        }
    }

    @Test
    void theNextCheckpointDoesNotOverwriteItsChunks() {
        for (int round = 0; round < 4; round++) {
            // Given a ring that is full, and one of its checkpoints made current again
            String corpus = CORPUS + round;
            CheckpointSlots slots = new CheckpointSlots(4, 0);
            int partition = new CorpusPartition(PARTITIONS).of(corpus);
            CheckpointManifest newest = null;
            try (CheckpointTransactions owner = new CheckpointTransactions(connection, topics, partition)) {
                for (int i = 0; i < 4 + round; i++) {
                    newest = commit(
                            owner, corpus, CheckpointSlots.numberAfter(newest), slots.slotAfter(newest), file(i));
                }
            }
            CheckpointHistory history = new CheckpointHistory(connection, topics);
            CheckpointManifest target = history.of(corpus).get(1 + round % 3);
            CheckpointManifest current = new Rollback(connection, topics).to(corpus, target.getSha256());

            // When the next one is committed
            try (CheckpointTransactions owner = new CheckpointTransactions(connection, topics, partition)) {
                CheckpointManifest next = commit(
                        owner, corpus, CheckpointSlots.numberAfter(current), slots.slotAfter(current), file(100));

                // Then the one before it is whole, to fall back to
                assertThat(next.getSlot()).isNotEqualTo(current.getSlot());
            }
            assertThat(history.of(corpus))
                    .anyMatch(there -> there.getChunkOffsets().equals(current.getChunkOffsets()));
            assertThat(new CheckpointReader(connection, topics).read(corpus, current))
                    .isNotEmpty();
        }
    }

    private void assertWhole(CheckpointManifest manifest) {
        assertThat(Sha256.of(new CheckpointReader(connection, topics).read(CORPUS, manifest)))
                .isEqualTo(manifest.getSha256());
    }

    private CheckpointManifest commit(CheckpointTransactions owner, long number, int slot, byte[] file) {
        return commit(owner, CORPUS, number, slot, file);
    }

    private CheckpointManifest commit(CheckpointTransactions owner, String corpus, long number, int slot, byte[] file) {
        CheckpointManifest.Builder manifest = CheckpointManifest.newBuilder()
                .setSha256(Sha256.of(file))
                .setWeightsSha256(Sha256.of(file))
                .setNumber(number)
                .setBytes(file.length)
                .setSlot(slot)
                .setStep(number)
                .setEpoch(0)
                .setTokensTrained(number)
                .setFinished(false)
                .setVocabularySize(2)
                .setSpec(CorpusSpec.newBuilder()
                        .setTokenizer(TokenizerKind.CHARACTERS)
                        .setNormalizer(NormalizerKind.LETTERS)
                        .build())
                .setDevice("cpu")
                .setThreads(1)
                .setCreatedAt(Instant.now());
        CheckpointManifest committed = owner.commitCheckpoint(
                PreparedCheckpoint.of(corpus, file, ManifestDraft.of(manifest), List.of()),
                new Settlement(List.of(), new DeadLetterPositions(0, 0), 0),
                tokens.groupMetadata());
        EndedTransactions.awaitMarkers(connection);
        return committed;
    }

    private static byte[] file(int content) {
        byte[] file = new byte[1_000];
        Arrays.fill(file, (byte) content);
        return file;
    }

    private static int partition() {
        return new CorpusPartition(PARTITIONS).of(CORPUS);
    }
}

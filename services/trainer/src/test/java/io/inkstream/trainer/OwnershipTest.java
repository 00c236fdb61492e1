package io.inkstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.ManifestDraft;
import io.inkstream.corpuslog.checkpoints.OwnershipLostException;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.deadletters.DeadLetterPositions;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.AvroSerde;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.RecordedLog;
import io.inkstream.testsupport.TestTopics;
import io.inkstream.testsupport.TokenTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an owner publishes while it gains and loses partitions. */
@Timeout(120)
class OwnershipTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final AtomicInteger TESTS = new AtomicInteger();

    private Connection connection;
    private TopicNames topics;

    @BeforeEach
    void name() {
        connection = BrokerFixture.get().connection();
        topics = new TopicNames("ownership" + TESTS.incrementAndGet());
    }

    @Test
    void aFailedReleaseDoesNotDelayTheNextOwner() {
        // Given an owner with steps that are not committed, and a manifest that cannot be written any more
        RefusingSerde.refusing.set(false);
        Connection refusing = new Connection(
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                RefusingSerde.class.getName(),
                connection.kafkaProperties());
        TrainerService owner = Trainers.start(refusing, topics, PARTITIONS, Duration.ofHours(1));
        try (TokenTopic tokens = new TokenTopic(connection, topics)) {
            tokens.appendTokens("corpus", 2_000);
            tokens.publish("corpus", Trainers.endless());
            await().atMost(TIMEOUT).until(() -> !tokens.manifests("corpus").isEmpty());
            long committed = tokens.newest("corpus").getStep();
            await().atMost(TIMEOUT)
                    .until(() -> tokens.progress("corpus").stream().anyMatch(live -> live.getStep() > committed));
            RefusingSerde.refusing.set(true);

            // When it ends, which gives its partitions back
            long start = System.nanoTime();
            owner.close();

            // Then nobody waits for what cannot be committed
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(tokens.newest("corpus").getStep()).isEqualTo(committed);

            // And the next owner takes over
            try (TrainerService next = Trainers.start(connection, topics, PARTITIONS, Duration.ofMillis(200))) {
                await().atMost(TIMEOUT).until(() -> tokens.newest("corpus").getStep() > committed);
                assertThat(next.health().live()).isTrue();
            }
        } finally {
            RefusingSerde.refusing.set(false);
            owner.close();
        }
    }

    @Test
    void aCheckpointWhoseCommitLostItsReplyIsNotCommittedAgain() {
        // Given a trainer that gives up waiting for its third commit while the broker has all of it but the last word
        CompletableFuture<Void> lost =
                Meanwhile.onceAcknowledged(topics.of(Topic.HISTORY), 3, () -> await().atMost(Duration.ofSeconds(20))
                        .until(OwnershipTest::closesItsTransactions));
        Connection slow = Meanwhile.into(connection, Duration.ofSeconds(3));
        TrainerService owner = Trainers.start(slow, topics, PARTITIONS, Duration.ofMillis(200));
        try (TokenTopic tokens = new TokenTopic(connection, topics);
                RecordedLog log = new RecordedLog("io.inkstream.trainer.training")) {
            // When the commit goes through all the same, and more come after it
            tokens.appendTokens("corpus", 2_000);
            tokens.publish("corpus", Trainers.endless());
            await().atMost(TIMEOUT).until(() -> tokens.manifests("corpus").size() > 5);
            owner.close();

            // Then the trainer has found its own commit, and has continued from memory
            assertThat(lost).isCompleted();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("Commit or take-over failed"))
                    .hasSize(1);
            assertThat(log.lines())
                    .noneMatch(line ->
                            line.contains("Another checkpoint has been committed") || line.contains("Resuming from"));

            // And nothing is there twice
            List<CheckpointManifest> manifests = tokens.manifests("corpus");
            for (int i = 0; i < manifests.size(); i++) {
                assertThat(manifests.get(i).getNumber()).isEqualTo(i);
                assertThat(manifests.get(i).getParent())
                        .isEqualTo(i == 0 ? null : manifests.get(i - 1).getSha256());
            }
            assertThat(manifests).extracting(CheckpointManifest::getSha256).doesNotHaveDuplicates();
            CheckpointManifest last = tokens.newest("corpus");
            assertThat(tokens.epochs("corpus"))
                    .extracting(TrainingProgress::getEpoch)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, last.getEpoch()).boxed().toList());
            assertThat(last.getWeightsSha256()).isEqualTo(undisturbed(tokens, last.getStep()));
        } finally {
            owner.close();
        }
    }

    /** True while the training thread closes a producer, which is what it does after a commit that failed. */
    private static boolean closesItsTransactions() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("training"))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().equals(CheckpointTransactions.class.getName())
                        && frame.getMethodName().equals("close"));
    }

    /** SHA-256 of the weights after so many steps of a run that nothing happens to. */
    private static String undisturbed(TokenTopic tokens, long steps) {
        Engines engines = new Engines(EngineSettings.cpu(1));
        try (TrainingRun run =
                TrainingRun.begin(tokens.corpus("corpus"), SpecConversion.settings(Trainers.endless()), engines)) {
            while (run.cursor().step() < steps) {
                run.step();
            }
            return run.checkpoint().orElseThrow().weightsSha256();
        }
    }

    @Test
    void anOwnerThatWasSuspendedPublishesNoProgressOnceAnotherHasTakenOver() {
        // Given an owner without a commit due, whose training thread falls asleep as it publishes live progress
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        TrainerService owner = Trainers.start(Meanwhile.into(connection), topics, PARTITIONS, Duration.ofHours(1));
        try (TokenTopic tokens = new TokenTopic(connection, topics);
                RecordedLog log = new RecordedLog("io.inkstream.trainer.training")) {
            tokens.appendTokens("corpus", 2_000);
            tokens.publish("corpus", Trainers.endless());
            await().atMost(TIMEOUT).until(() -> !tokens.manifests("corpus").isEmpty());
            CompletableFuture<Void> sleep = Meanwhile.onceWritten(topics.of(Topic.PROGRESS), () -> {
                asleep.countDown();
                awaited(awake);
            });
            awaited(asleep);

            // When another takes over meanwhile, and it wakes up six seconds later
            long started = System.nanoTime();
            int partition = tokens.newest("corpus").getCheckpointPartition();
            new CheckpointTransactions(connection, topics, partition).close();
            int published = tokens.progress("corpus").size();
            await().atMost(TIMEOUT)
                    .until(() -> Duration.ofNanos(System.nanoTime() - started).toSeconds() >= 6);
            awake.countDown();

            // Then it publishes what it was about to send, and nothing else
            await().atMost(TIMEOUT).until(() -> log.lines().stream()
                    .anyMatch(line -> line.contains(
                            "Another has taken over %s-%d".formatted(topics.group("trainer"), partition))));
            assertThat(sleep).isCompleted();
            assertThat(tokens.progress("corpus")).hasSizeLessThanOrEqualTo(published + 1);
        } finally {
            awake.countDown();
            owner.close();
        }
    }

    @Test
    void allFourPartsOfATransactionAreCommittedOrNone() {
        // Given a transaction with a checkpoint, epochs, dead letters and offsets
        TopicProvisioner.ensure(connection, topics, PARTITIONS, EnumSet.allOf(Topic.class));
        Connection slow = Meanwhile.into(connection, Duration.ofSeconds(30));
        List<Topic> written =
                List.of(Topic.CHECKPOINTS, Topic.MODELS, Topic.HISTORY, Topic.PROGRESS, Topic.DEAD_LETTERS);
        try (TokenTopic tokens = new TokenTopic(connection, topics);
                CheckpointTransactions owner = new CheckpointTransactions(slow, topics, 0)) {
            PreparedCheckpoint checkpoint = PreparedCheckpoint.of(
                    "corpus", new byte[] {1, 2, 3}, ManifestDraft.of(manifest()), List.of(epoch(1), epoch(2)));
            Settlement settlement = new Settlement(
                    List.of(new ProducerRecord<>(topics.of(Topic.DEAD_LETTERS), 0, null, new byte[] {7})),
                    new DeadLetterPositions(5, 0),
                    4);

            // When another owner ends it after all of them were written, and before it is committed
            CompletableFuture<Void> fenced = Meanwhile.onceAcknowledged(
                    topics.of(Topic.DEAD_LETTERS), 1, () -> new CheckpointTransactions(connection, topics, 0).close());
            assertThatThrownBy(() -> owner.commitCheckpoint(checkpoint, settlement, tokens.groupMetadata()))
                    .isInstanceOf(OwnershipLostException.class);
            assertThat(fenced).isCompleted();

            // Then all of them are in the log, and nobody sees any
            for (Topic topic : written) {
                assertThat(TestTopics.all(connection, topics.of(topic), "read_uncommitted"))
                        .as(topic.name())
                        .isNotEmpty();
                assertThat(tokens.committed(topic)).as(topic.name()).isEmpty();
            }
            assertThat(tokens.committedOffset(0)).isEmpty();

            // And when the next owner commits them, all are there, once
            try (CheckpointTransactions next = new CheckpointTransactions(connection, topics, 0)) {
                CheckpointManifest manifest = next.commitCheckpoint(checkpoint, settlement, tokens.groupMetadata());
                await().atMost(TIMEOUT).untilAsserted(() -> assertThat(tokens.manifests("corpus"))
                        .containsExactly(manifest));
            }
            for (Topic topic : written) {
                await().atMost(TIMEOUT).untilAsserted(() -> assertThat(tokens.committed(topic))
                        .as(topic.name())
                        .hasSize(topic == Topic.PROGRESS ? 2 : 1));
            }
            assertThat(tokens.committedOffset(0)).hasValue(new DeadLetterPositions(5, 0).with(4));
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static TrainingProgress epoch(int number) {
        return TrainingProgress.newBuilder()
                .setKind(ProgressKind.EPOCH)
                .setState(TrainingState.TRAINING)
                .setEpoch(number)
                .setEpochsLeft(0)
                .setStep(number)
                .setEpochTokens(1)
                .setKnownTokens(1)
                .setTokensTrained(number)
                .setVocabularySize(2)
                .setTokensPerSecond(0)
                .setDevice("cpu")
                .setAt(Instant.now())
                .build();
    }

    private static CheckpointManifest.Builder manifest() {
        return CheckpointManifest.newBuilder()
                .setSha256("abc")
                .setWeightsSha256("abc")
                .setBytes(3)
                .setSlot(0)
                .setStep(2)
                .setEpoch(2)
                .setTokensTrained(2)
                .setFinished(false)
                .setVocabularySize(2)
                .setSpec(CorpusSpec.newBuilder()
                        .setTokenizer(TokenizerKind.CHARACTERS)
                        .setNormalizer(NormalizerKind.LETTERS)
                        .build())
                .setDevice("cpu")
                .setThreads(1)
                .setCreatedAt(Instant.now());
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

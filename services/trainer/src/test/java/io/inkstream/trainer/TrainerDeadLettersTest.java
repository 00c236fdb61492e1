package io.inkstream.trainer;

import static io.inkstream.testsupport.TestTopics.TIMEOUT;
import static io.inkstream.testsupport.TestTopics.assertOneDeadLetter;
import static io.inkstream.testsupport.TestTopics.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.CommittedManifests;
import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.deadletters.DeadLetterPositions;
import io.inkstream.corpuslog.deadletters.RejectedRecords;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import io.inkstream.testsupport.DamagedValue;
import io.inkstream.testsupport.EndedTransactions;
import io.inkstream.testsupport.RestartableRegistryFixture;
import io.inkstream.testsupport.TestTopics;
import io.inkstream.testsupport.TestTopics.Sent;
import io.inkstream.testsupport.TokenBlocks;
import io.inkstream.trainer.settings.TrainerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged records of the tokens and models topics: the trainer continues, and each becomes a dead letter once. */
@Timeout(180)
class TrainerDeadLettersTest {

    private static final AtomicInteger TESTS = new AtomicInteger();

    private static RestartableRegistryFixture cluster;

    private TestTopics topics;
    private TokenBlocks line;
    private TrainerService trainer;
    private Deserializer<TrainingProgress> progress;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = new RestartableRegistryFixture(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void begin() {
        topics = new TestTopics(cluster.connection(), "trainer" + TESTS.incrementAndGet());
        line = new TokenBlocks(topics, "line");
        progress = RecordSerdes.deserializer(topics.connection, TrainingProgress.class);
        trainer = trainer();
    }

    @AfterEach
    void end() {
        trainer.close();
        progress.close();
        topics.close();
    }

    @Test
    void damagedBlocksBecomeDeadLettersOnceAndTrainingContinues() {
        // Given
        line.append(1_000);
        train("line", 2);
        topics.awaitFinished("line", 1_000);

        // When
        Map<Sent, String> bad = new LinkedHashMap<>();
        for (DamagedValue damage : DamagedValue.values()) {
            bad.put(token(damage.of(topics.encoded(Topic.TOKENS, line.next(50).build()))), damage.reason());
        }
        bad.put(
                token(topics.encoded(Topic.CORPORA, TokenBlocks.spec(null))),
                "holds a CorpusSpec and not a TokenBlock");
        bad.put(
                token(topics.encoded(
                        Topic.TOKENS, line.next(50).setFirstPosition(1_100).build())),
                "Tokens 1000 to 1099 are missing");
        bad.put(
                token(topics.encoded(
                        Topic.TOKENS, line.next(50).setFirstPosition(500).build())),
                "it is there twice, or out of place");
        bad.put(
                token(topics.encoded(
                        Topic.TOKENS, line.next(2).setTokens(List.of(1, 7)).build())),
                "Token id 7 is not in the vocabulary of 7");
        bad.put(
                token(topics.encoded(
                        Topic.TOKENS,
                        line.next(2)
                                .setNewEntries(List.of("x", "x"))
                                .setTokens(List.of(7, 8))
                                .build())),
                "'x' is not new");
        bad.put(
                token(topics.encoded(
                        Topic.TOKENS, line.next(2).setFirstNewId(99).build())),
                "begin with id 99");
        bad.put(
                token(topics.encoded(
                        Topic.TOKENS,
                        line.next(2).setNormalizer(NormalizerKind.VERBATIM).build())),
                "The block was read with the tokenizer CHARACTERS and the normalizer VERBATIM");
        bad.put(
                topics.send(
                        Topic.TOKENS,
                        null,
                        topics.encoded(Topic.TOKENS, line.next(50).build())),
                "needs a key");
        bad.put(topics.send(Topic.TOKENS, "line", null), "needs a key, the corpus, and a value");

        // Then each is there with all that is known of it
        List<ConsumerRecord<byte[], byte[]>> letters = topics.awaitDeadLetters(bad.size());
        bad.forEach((sent, reason) -> assertOneDeadLetter(letters, sent, reason));

        // And the blocks that come then are trained
        line.append(500);
        topics.awaitFinished("line", 1_500);

        // And a trainer that reads everything again writes none of them again
        restart();
        line.append(500);
        topics.awaitFinished("line", 2_000);
        topics.awaitDeadLetters(bad.size());
    }

    @Test
    void deadLettersOfACorpusThatIsNotTrainedAreNotWrittenAgain() {
        // Given tokens that wait for a spec, so that the group's offset stands before all of them
        line.append(1_000);
        Sent first = token(new byte[] {7});
        assertOneDeadLetter(topics.awaitDeadLetters(1), first, "is truncated");

        // When
        restart();
        Sent second = token(new byte[] {7, 7});

        // Then
        assertOneDeadLetter(topics.awaitDeadLetters(2), second, "is truncated");
        restart();
        train("line", 1);
        topics.awaitFinished("line", 1_000);
        topics.awaitDeadLetters(2);
    }

    @Test
    void aVeryLongErrorIsCutAndDoesNotPreventTheCommit() {
        // Given an entry of the vocabulary that is nearly as long as a record
        String entry = "x".repeat(1_000_000);
        topics.send(Topic.TOKENS, "line", topics.encoded(Topic.TOKENS, once(entry)));
        CorpusPartition partition = new CorpusPartition(TestTopics.PARTITIONS);
        String neighbour = Stream.iterate("a", name -> name + "a")
                .filter(name -> partition.of(name) == partition.of("line"))
                .findFirst()
                .orElseThrow();

        // When a block brings it again, so that the reason quotes it
        Sent bad = token(topics.encoded(
                Topic.TOKENS,
                TokenBlock.newBuilder(once(entry))
                        .setFirstPosition(1)
                        .setFirstNewId(2)
                        .build()));

        // Then there is a dead letter, whose reason is cut
        ConsumerRecord<byte[], byte[]> letter = topics.awaitDeadLetters(1).get(0);
        assertThat(letter.value()).isEqualTo(bad.value());
        assertThat(header(letter, DeadLetter.MESSAGE))
                .startsWith("Vocabulary entry 'xxx")
                .contains("(cut: 10000");

        // And the corpora of its partition are committed
        new TokenBlocks(topics, neighbour).append(1_000);
        train(neighbour, 1);
        topics.awaitFinished(neighbour, 1_000);
    }

    @Test
    void damagedManifestsDoNotStopATakeOver() {
        // Given
        line.append(1_000);
        train("line", 2);
        CheckpointManifest before = topics.awaitFinished("line", 1_000);
        trainer.close();

        // When
        byte[] whole = topics.encoded(Topic.MODELS, before);
        Map<Sent, String> bad = new LinkedHashMap<>();
        for (DamagedValue damage : DamagedValue.values()) {
            bad.put(topics.send(Topic.MODELS, "line", damage.of(whole)), damage.reason());
        }
        bad.put(
                topics.send(Topic.MODELS, "line", topics.encoded(Topic.CORPORA, TokenBlocks.spec(null))),
                "holds a CorpusSpec and not a CheckpointManifest");
        trainer = trainer();

        // Then training resumes from the checkpoint before them
        List<ConsumerRecord<byte[], byte[]>> letters = topics.awaitDeadLetters(bad.size());
        bad.forEach((sent, reason) -> assertOneDeadLetter(letters, sent, reason));
        train("line", 4);
        await().atMost(TIMEOUT).until(() -> topics.newest("line").getEpoch() == 4);
        assertThat(topics.newest("line").getParent()).isEqualTo(before.getSha256());

        // And the next owners do not write them again
        restart();
        Sent late = topics.send(Topic.MODELS, "line", new byte[] {7});
        restart();
        assertOneDeadLetter(topics.awaitDeadLetters(bad.size() + 1), late, "is truncated");
    }

    @Test
    void aNetworkThatDoesNotFitIntoMemoryFailsAlone() {
        // Given a spec whose values are possible, but for the memory of this machine
        line.append(1_000);
        topics.send(
                Topic.CORPORA,
                "line",
                topics.encoded(
                        Topic.CORPORA,
                        TokenBlocks.spec(TokenBlocks.training(1)
                                .setCell(CellKind.RNN_TANH)
                                .setHidden(1)
                                .setEmbedding(1_000_000_000)
                                .build())));

        // When
        await().atMost(TIMEOUT).until(() -> topics.committed(Topic.PROGRESS).stream()
                .map(record -> progress.deserialize(record.topic(), record.value()))
                .anyMatch(glance -> glance.getState() == TrainingState.FAILED
                        && glance.getMessage().startsWith("a step could not be computed (")));

        // Then others are trained, and so is it with other settings
        new TokenBlocks(topics, "other").append(1_000);
        train("other", 1);
        topics.awaitFinished("other", 1_000);
        train("line", 1);
        topics.awaitFinished("line", 1_000);
    }

    @Test
    void anAbortedTransactionLeavesNoDeadLetter() throws Exception {
        // Given an owner that has written a dead letter and not committed it
        trainer.close();
        Sent bad = token(new byte[] {7});
        try (KafkaProducer<byte[], byte[]> owner = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        topics.connection.bootstrapServers(),
                        "transactional.id",
                        "%s-%d".formatted(topics.names.group("trainer"), bad.partition())),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            owner.initTransactions();
            owner.beginTransaction();
            owner.send(refusing(bad).below(bad.offset() + 1).get(0)).get();

            // When the next owner comes
            CheckpointTransactions next = new CheckpointTransactions(topics.connection, topics.names, bad.partition());
            next.close();
        }

        // Then it is in the log, and nobody sees it
        assertThat(topics.uncommitted(Topic.DEAD_LETTERS)).hasSize(1);
        assertThat(topics.committed(Topic.DEAD_LETTERS)).isEmpty();

        // And the next owner writes it
        trainer = trainer();
        assertOneDeadLetter(topics.awaitDeadLetters(1), bad, "is truncated");
    }

    @Test
    void aCommitWhoseReplyWasLostIsNotRepeated() {
        // Given a dead letter that was committed, of which its owner does not know
        trainer.close();
        Sent bad = token(new byte[] {7});
        RejectedRecords refused = refusing(bad);
        try (CheckpointTransactions transactions =
                new CheckpointTransactions(topics.connection, topics.names, bad.partition())) {
            transactions.commitDeadLetters(
                    new Settlement(refused.below(bad.offset() + 1), new DeadLetterPositions(bad.offset() + 1, 0), 0),
                    nobody());
        }
        assertThat(refused.isEmpty()).isFalse();
        EndedTransactions.awaitMarkers(topics.connection);

        // When it takes the partition over once more
        CommittedManifests read = CommittedManifests.read(topics.connection, topics.names, bad.partition(), refused);

        // Then
        assertThat(refused.isEmpty()).isTrue();
        assertThat(read.deadLetters().pending()).isFalse();
        assertThat(topics.committed(Topic.DEAD_LETTERS)).hasSize(1);
    }

    @Test
    void deadLetterPositionsAreReadOnceNoTransactionCanChangeThem() {
        // Given a transaction with offsets that is not committed yet
        trainer.close();
        int partition = token(new byte[] {7}).partition();
        Map<String, Object> properties = topics.connection.clientProperties();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.names.group("trainer") + "-" + partition);
        try (KafkaProducer<byte[], byte[]> owner =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            owner.initTransactions();
            owner.beginTransaction();
            owner.sendOffsetsToTransaction(
                    Map.of(
                            new TopicPartition(topics.names.of(Topic.TOKENS), partition),
                            new DeadLetterPositions(1, 0).with(0)),
                    nobody());

            // When it is asked for
            CompletableFuture<DeadLetterPositions> asked = CompletableFuture.supplyAsync(
                    () -> DeadLetterPositions.committed(topics.connection, topics.names, partition));

            // Then the answer is that of the commit
            await().during(Duration.ofSeconds(1)).atMost(TIMEOUT).until(() -> !asked.isDone());
            owner.commitTransaction();
            assertThat(asked.join()).isEqualTo(new DeadLetterPositions(1, 0));
        }
    }

    @Test
    void blocksWaitWhileTheRegistryIsUnavailable() {
        // Given a trainer that has read no schema yet
        line.append(1_000);
        train("line", 1);
        topics.awaitFinished("line", 1_000);
        trainer.close();
        byte[] block = topics.encoded(Topic.TOKENS, line.next(500).build());
        cluster.stopRegistry();
        try {
            // When it starts without the registry, and has to read tokens, manifests and specs
            trainer = trainer();
            token(block);
            Sent bad = token(DamagedValue.UNKNOWN_SCHEMA.of(block));
            await().during(Duration.ofSeconds(3))
                    .atMost(TIMEOUT)
                    .until(() -> topics.committed(Topic.DEAD_LETTERS).isEmpty()
                            && trainer.health().live());
            cluster.restartRegistry();

            // Then nothing is lost, and only what is broken is rejected
            topics.awaitFinished("line", 1_500);
            assertOneDeadLetter(topics.awaitDeadLetters(1), bad, DamagedValue.UNKNOWN_SCHEMA.reason());
        } finally {
            cluster.restartRegistry();
        }
    }

    private static TokenBlock once(String entry) {
        return SpecConversion.block(Reading.of(Tokenizer.WORDS, Normalizer.VERBATIM))
                .setFirstPosition(0)
                .setFirstNewId(1)
                .setNewEntries(List.of(entry))
                .setTokens(List.of(1))
                .setTextPartition(0)
                .setTextOffset(0)
                .build();
    }

    private Sent token(byte[] value) {
        return topics.send(Topic.TOKENS, "line", value);
    }

    private void train(String corpus, int epochs) {
        topics.send(
                Topic.CORPORA,
                corpus,
                topics.encoded(
                        Topic.CORPORA,
                        TokenBlocks.spec(TokenBlocks.training(epochs).build())));
    }

    private RejectedRecords refusing(Sent bad) {
        RejectedRecords refused = new RejectedRecords(topics.names.of(Topic.DEAD_LETTERS), 0);
        refused.add(
                new ConsumerRecord<>(bad.topic(), bad.partition(), bad.offset(), bad.key(), bad.value()),
                new SerializationException("A record is truncated"));
        return refused;
    }

    /** That of nobody, as long as the group has no members. */
    private ConsumerGroupMetadata nobody() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        topics.connection.bootstrapServers(),
                        "group.id",
                        topics.names.group("trainer")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    private void restart() {
        trainer.close();
        trainer = trainer();
        await().atMost(TIMEOUT).until(() -> trainer.health().ready());
    }

    private TrainerService trainer() {
        TrainerService started = new TrainerService(
                topics.connection,
                topics.names,
                new TrainerSettings(
                        TestTopics.PARTITIONS, Duration.ofSeconds(10), new CheckpointSlots(4, 0), "auto", "cpu", 1),
                new SimpleMeterRegistry());
        started.start();
        return started;
    }
}

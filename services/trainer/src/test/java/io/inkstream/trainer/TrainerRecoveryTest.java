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
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.checkpoints.TransactionTimedOutException;
import io.inkstream.corpuslog.deadletters.DeadLetterPositions;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.schemas.TrainingState;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.TokenTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a trainer recovers from damaged checkpoints, lost ownership and rollbacks, and follows an endless stream. */
class TrainerRecoveryTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;

    /** More epochs than a test lasts: what it looks at is always in the middle of a training. */
    private static final int ENDLESS = 100_000;

    private static final AtomicInteger TESTS = new AtomicInteger();

    private Connection connection;
    private TopicNames topics;
    private TrainerService trainer;
    private TokenTopic tokens;

    @BeforeEach
    void startTrainer() {
        connection = BrokerFixture.get().connection();
        topics = new TopicNames("recovery" + TESTS.incrementAndGet());
        trainer = start(Duration.ofMillis(200), 0);
        tokens = new TokenTopic(connection, topics);
    }

    @AfterEach
    void stopTrainer() {
        tokens.close();
        trainer.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other content", "a missing chunk"})
    void fallsBackToTheCheckpointBeforeADamagedOneAndRepeatsWhatCameAfter(String damage) {
        // Given a training under way whose newest manifest promises what its chunks do not hold, or one that is not
        // there
        tokens.appendTokens("wells", 5_000);
        tokens.publish("wells", spec(ENDLESS));
        await().atMost(TIMEOUT)
                .until(() -> newest("wells") != null && newest("wells").getNumber() >= 3);
        trainer.close();
        CheckpointManifest whole = newest("wells");
        // behind the end of the partition, so that no other checkpoint has these chunks
        long shift = damage.equals("a missing chunk") ? 1_000_000 : 0;
        CheckpointManifest damaged = CheckpointManifest.newBuilder(whole)
                .setSha256("0".repeat(64))
                .setNumber(whole.getNumber() + 1)
                .setChunkOffsets(whole.getChunkOffsets().stream()
                        .map(offset -> offset + shift)
                        .toList())
                .build();
        tokens.forge("wells", damaged);
        int epochs = whole.getEpoch() + 2;
        tokens.publish("wells", spec(epochs));

        // When
        trainer = start(Duration.ofMillis(200), 0);

        // Then it resumes from the newest one whose chunks are others
        await().atMost(TIMEOUT).until(() -> newest("wells").getNumber() > damaged.getNumber());
        CheckpointManifest next = tokens.manifests("wells").stream()
                .filter(manifest -> manifest.getNumber() == damaged.getNumber() + 1)
                .findFirst()
                .orElseThrow();
        assertThat(next.getParent()).isEqualTo(shift > 0 ? whole.getSha256() : whole.getParent());

        // And ends with the weights of an uninterrupted run, each epoch recorded once
        assertThat(finished("wells").getWeightsSha256()).isEqualTo(alone("wells", 5_000, spec(epochs)));
        assertThat(tokens.epochs("wells"))
                .extracting(TrainingProgress::getEpoch)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, epochs).boxed().toList());
    }

    @Test
    void whenNoCheckpointIsWholeAnotherSeedStartsFromScratch() {
        // Given a corpus without a checkpoint that could be read
        tokens.appendTokens("lost", 1_000);
        tokens.publish("lost", spec(2));
        CheckpointManifest whole = finished("lost");
        trainer.close();
        tokens.forge(
                "lost",
                CheckpointManifest.newBuilder(whole)
                        .setSha256("0".repeat(64))
                        .setNumber(whole.getNumber() + 1)
                        .build());
        tokens.publish("lost", spec(4));
        trainer = start(Duration.ofMillis(200), 0);
        await().atMost(TIMEOUT)
                .until(() -> tokens.live("lost").getState() == TrainingState.FAILED
                        && tokens.live("lost")
                                .getMessage()
                                .contains("publish the spec with another seed to begin anew"));

        // When
        tokens.publish("lost", TrainingSpec.newBuilder(spec(4)).setSeed(99).build());

        // Then
        await().atMost(TIMEOUT).until(() -> newest("lost").getNumber() > whole.getNumber() + 1);
        assertThat(finished("lost").getEpoch()).isEqualTo(4);
        assertThat(tokens.manifests("lost").get(2).getParent()).isNull();
    }

    @Test
    void aStaleSpecInTheWrongPartitionDoesNotDiscardTheModel() {
        // Given a model, and a spec with another seed that a producer has put into the wrong partition
        tokens.appendTokens("stray", 1_000);
        tokens.publish("stray", spec(2));
        CheckpointManifest model = finished("stray");
        int home = new CorpusPartition(PARTITIONS).of("stray");
        tokens.publishIn(
                1 - home, "stray", TrainingSpec.newBuilder(spec(2)).setSeed(99).build());

        // When the trainer is started again and reads all partitions
        trainer.close();
        trainer = start(Duration.ofMillis(200), 0);
        await().atMost(TIMEOUT).until(() -> trainer.health().ready());
        tokens.publish("stray", spec(4));

        // Then the spec in the corpus's own partition counts, and the model is trained on
        await().atMost(TIMEOUT).until(() -> newest("stray").getEpoch() == 4);
        assertThat(tokens.manifests("stray"))
                .extracting(CheckpointManifest::getParent)
                .containsOnlyOnce((String) null);
        assertThat(tokens.manifests("stray")).contains(model);
    }

    @Test
    void aSecondResumeDoesNotStartFromScratch() {
        // Given a run that was resumed once and has not committed since
        tokens.appendTokens("twice", 5_000);
        tokens.publish("twice", spec(ENDLESS));
        await().atMost(TIMEOUT)
                .until(() -> newest("twice") != null && newest("twice").getEpoch() >= 2);
        trainer.close();
        CheckpointManifest first = newest("twice");
        trainer = start(Duration.ofHours(1), 0);
        await().atMost(TIMEOUT).until(() -> trainer.health().ready());
        await().atMost(TIMEOUT).until(() -> tokens.live("twice").getStep() > first.getStep());

        // When its partition is taken away without a commit, and it is resumed again
        fence(first.getCheckpointPartition());
        trainer.close();
        assertThat(newest("twice")).isEqualTo(first);
        int epochs = first.getEpoch() + 3;
        tokens.publish("twice", spec(epochs));
        trainer = start(Duration.ofMillis(200), 0);

        // Then
        CheckpointManifest last = finished("twice");
        assertThat(last.getWeightsSha256()).isEqualTo(alone("twice", 5_000, spec(epochs)));
        List<CheckpointManifest> manifests = tokens.manifests("twice");
        for (int i = 1; i < manifests.size(); i++) {
            assertThat(manifests.get(i).getParent())
                    .isEqualTo(manifests.get(i - 1).getSha256());
            assertThat(manifests.get(i).getNumber())
                    .isEqualTo(manifests.get(i - 1).getNumber() + 1);
        }
    }

    @Test
    void aTransactionThatTimesOutBetweenWriteAndCommitPublishesNothing() {
        // Given a model, and an owner whose transactions may take a second
        tokens.appendTokens("slow", 1_000);
        tokens.publish("slow", spec(2));
        CheckpointManifest before = finished("slow");
        trainer.close();
        Connection hasty = new Connection(
                connection.bootstrapServers(),
                connection.schemaRegistryUrl(),
                connection.serdeClass(),
                Map.of("transaction.timeout.ms", "1000"));
        int partition = before.getCheckpointPartition();
        try (CheckpointTransactions transactions = new CheckpointTransactions(hasty, topics, partition)) {
            // When the transaction is aborted for its age after the chunks were written, and before it is committed
            String id = topics.group("trainer") + "-" + partition;
            PreparedCheckpoint checkpoint = new PreparedCheckpoint(
                    "slow",
                    out -> out.write(new byte[1_000]),
                    1_000,
                    ManifestDraft.of(CheckpointManifest.newBuilder(before).setNumber(before.getNumber() + 1)),
                    List.of(tokens.epochs("slow").get(0)),
                    sha256 -> await().atMost(TIMEOUT)
                            .until(() -> tokens.transactionState(id).equals("CompleteAbort")));
            Settlement settlement = new Settlement(List.of(), new DeadLetterPositions(0, 0), 0);

            // Then the commit fails, because it was too slow
            assertThatThrownBy(() -> transactions.commitCheckpoint(checkpoint, settlement, tokens.groupMetadata()))
                    .isInstanceOf(TransactionTimedOutException.class)
                    .hasMessageContaining("longer than its timeout of 1 s, so the broker rolled it back");
        }
        assertThat(newest("slow")).isEqualTo(before);
        assertThat(tokens.epochs("slow")).hasSize(2);
    }

    @Test
    void aTransactionThatItsOwnerLeftOpenDoesNotDelayTheNextOwner() {
        // Given a model whose owner ended between the offsets of a transaction and its commit, long before it times out
        tokens.appendTokens("open", 1_000);
        tokens.publish("open", spec(2));
        CheckpointManifest before = finished("open");
        trainer.close();
        int partition = before.getCheckpointPartition();
        leaveOpen(partition);

        // When
        trainer = start(Duration.ofMillis(200), 0);
        tokens.publish("open", spec(4));

        // Then the successor takes over all the same, from what was committed
        await().atMost(TIMEOUT).until(() -> newest("open").getEpoch() == 4);
    }

    @Test
    void recoversAfterAnotherHasUsedItsTransactionalId() {
        // Given
        tokens.appendTokens("fenced", 5_000);
        tokens.publish("fenced", spec(ENDLESS));
        await().atMost(TIMEOUT).until(() -> newest("fenced") != null);

        // When another opens the partition's transactions, and leaves without a commit
        fence(newest("fenced").getCheckpointPartition());
        long fencedAt = newest("fenced").getNumber();

        // Then the trainer, still a member of its group, takes it over again and nothing is lost or doubled
        await().atMost(TIMEOUT).until(() -> newest("fenced").getNumber() > fencedAt + 1);
        assertThat(trainer.health().live()).isTrue();
        trainer.close();
        int epochs = newest("fenced").getEpoch() + 2;
        tokens.publish("fenced", spec(epochs));
        trainer = start(Duration.ofMillis(200), 0);
        assertThat(finished("fenced").getWeightsSha256()).isEqualTo(alone("fenced", 5_000, spec(epochs)));
        assertThat(tokens.epochs("fenced"))
                .extracting(TrainingProgress::getEpoch)
                .doesNotHaveDuplicates();
    }

    @Test
    void aRollbackMakesAnOlderCheckpointCurrentUntilTrainingIsRequestedAgain() {
        // Given a model in training
        tokens.appendTokens("back", 5_000);
        tokens.publish("back", spec(ENDLESS));
        await().atMost(TIMEOUT)
                .until(() -> newest("back") != null && newest("back").getNumber() >= 3);
        CheckpointManifest target =
                new CheckpointHistory(connection, topics).of("back").get(1);

        // When
        CheckpointManifest current =
                new Rollback(connection, topics).to("back", target.getSha256().substring(0, 12));

        // Then the trainer, which may have been in the middle of a commit, lets it stand
        await().atMost(TIMEOUT)
                .until(() -> tokens.live("back").getState() == TrainingState.WAITING
                        && tokens.live("back")
                                .getMessage()
                                .contains("rolled back to checkpoint " + target.getSha256()));
        assertThat(newest("back")).isEqualTo(current);
        assertThat(current.getSha256()).isEqualTo(target.getSha256());
        assertThat(current.getStep()).isEqualTo(target.getStep());
        CheckpointManifest abandoned = tokens.manifests("back").stream()
                .filter(manifest -> manifest.getSha256().equals(current.getRolledBackFrom()))
                .findFirst()
                .orElseThrow();
        assertThat(current.getNumber()).isEqualTo(abandoned.getNumber() + 1);

        // And training resumes from it when it is requested
        tokens.publish("back", spec(ENDLESS));
        await().atMost(TIMEOUT).until(() -> newest("back").getNumber() > current.getNumber());
        assertThat(tokens.manifests("back").stream()
                        .filter(manifest -> manifest.getNumber() == current.getNumber() + 1)
                        .findFirst()
                        .orElseThrow()
                        .getParent())
                .isEqualTo(target.getSha256());
    }

    @Test
    void trainingDoesNotResumeFromACheckpointThatARollbackAbandoned() {
        // Given a rollback, and training that resumed from its target to more steps than what was abandoned has
        trainer.close();
        trainer = start(Duration.ofHours(1), 0); // a checkpoint at the end of each training only
        tokens.appendTokens("branch", 1_000);
        CheckpointManifest target = trained("branch", 2);
        CheckpointManifest abandoned = trained("branch", 4);
        new Rollback(connection, topics).to("branch", target.getSha256());
        CheckpointManifest last = trained("branch", 6);
        trainer.close();
        assertThat(new CheckpointHistory(connection, topics).of("branch")).contains(abandoned);
        assertThat(last.getStep()).isGreaterThan(abandoned.getStep());

        // When that is damaged
        CheckpointManifest damaged = CheckpointManifest.newBuilder(last)
                .setSha256("0".repeat(64))
                .setNumber(last.getNumber() + 1)
                .build();
        tokens.forge("branch", damaged);
        trainer = start(Duration.ofHours(1), 0);

        // Then training resumes from the target, although what was abandoned is newer, whole, and has fewer steps
        await().atMost(TIMEOUT).until(() -> newest("branch").getNumber() > damaged.getNumber());
        assertThat(newest("branch").getParent()).isEqualTo(target.getSha256());
        assertThat(newest("branch").getWeightsSha256()).isEqualTo(last.getWeightsSha256());
    }

    @Test
    void aTrainerThatIsDoneNoticesARollback() {
        // Given a model whose epochs are done, so that nothing is left to commit
        tokens.appendTokens("done", 5_000);
        tokens.publish("done", spec(5));
        CheckpointManifest first = finished("done");
        tokens.publish("done", spec(15));
        await().atMost(TIMEOUT).until(() -> newest("done").getNumber() > first.getNumber());
        CheckpointManifest last = finished("done");
        CheckpointManifest target = new CheckpointHistory(connection, topics)
                .fallbacks("done", last)
                .get(0);

        // When
        CheckpointManifest current = new Rollback(connection, topics).to("done", target.getSha256());

        // Then
        await().atMost(TIMEOUT)
                .until(() -> String.valueOf(tokens.live("done").getMessage()).contains("rolled back"));

        // And when the same settings are published again, training resumes from there, to the very same end
        tokens.publish("done", spec(15));
        await().atMost(TIMEOUT).until(() -> newest("done").getNumber() > current.getNumber());
        assertThat(finished("done").getWeightsSha256()).isEqualTo(last.getWeightsSha256());
    }

    @Test
    void aRollbackToAnOverwrittenCheckpointIsRejected() {
        // Given
        tokens.appendTokens("gone", 5_000);
        tokens.publish("gone", spec(ENDLESS));
        await().atMost(TIMEOUT)
                .until(() -> newest("gone") != null && newest("gone").getNumber() >= 5);

        // When, Then
        String first = tokens.manifests("gone").get(0).getSha256();
        assertThatThrownBy(() -> new Rollback(connection, topics).to("gone", first))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("was overwritten");
    }

    @Test
    void aRollbackToTheCurrentOrAnUnknownCheckpointIsRejected() {
        // Given
        tokens.appendTokens("still", 1_000);
        tokens.publish("still", spec(2));
        CheckpointManifest newest = finished("still");
        Rollback rollback = new Rollback(connection, topics);

        // When, Then
        assertThatThrownBy(() -> rollback.to("still", newest.getSha256()))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("is the current one");
        assertThatThrownBy(() -> rollback.to("still", "ffffffffffffff"))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("inkstream checkpoints --corpus still");
    }

    @Test
    void aTrainingThatDivergesKeepsItsLastGoodCheckpoint() {
        // Given a model, and settings whose one step overflows its weights while its loss is still a number
        tokens.appendTokens("wild", 110);
        tokens.publish("wild", spec(2));
        CheckpointManifest good = finished("wild");
        int before = tokens.progress("wild").size();
        tokens.publish(
                "wild", TrainingSpec.newBuilder(spec(3)).setLearningRate(1e300).build());

        // When, Then nothing is committed of it, and it is said why, after a restart too
        for (int starts = 1; starts <= 2; starts++) {
            awaitDivergence("wild", before);
            trainer.close();
            assertThat(newest("wild")).isEqualTo(good);
            assertThat(tokens.epochs("wild")).hasSize(2);
            before = tokens.progress("wild").size();
            trainer = start(Duration.ofMillis(200), 0);
        }

        // And other settings resume from there
        tokens.publish("wild", spec(3));
        await().atMost(TIMEOUT).until(() -> newest("wild").getEpoch() == 3);
        assertThat(newest("wild").getParent()).isEqualTo(good.getSha256());
        assertThat(newest("wild").getWeightsSha256()).isEqualTo(alone("wild", 110, spec(3)));
    }

    @Test
    void keepsEverySecondCheckpointForGood() {
        // Given
        trainer.close();
        trainer = start(Duration.ofMillis(1), 2);
        tokens.appendTokens("kept", 5_000);

        // When more are committed than the ring has slots
        tokens.publish("kept", spec(ENDLESS));
        await().atMost(TIMEOUT)
                .until(() -> newest("kept") != null && newest("kept").getNumber() >= 12);
        trainer.close();

        // Then every second one is still there, whole
        List<CheckpointManifest> history = new CheckpointHistory(connection, topics).of("kept");
        List<CheckpointManifest> kept = history.stream()
                .filter(manifest -> CheckpointSlots.keeps(manifest.getSlot()))
                .toList();
        assertThat(kept).extracting(CheckpointManifest::getNumber).contains(1L, 3L, 5L, 7L, 9L, 11L);
        for (CheckpointManifest manifest : kept) {
            assertThat(Checkpoint.read(new CheckpointReader(connection, topics).read("kept", manifest))
                            .weightsSha256())
                    .isEqualTo(manifest.getWeightsSha256());
        }
    }

    @Test
    void onlineTrainingReadsEachTokenOnceInWindowsThatStraddleRecords() {
        // Given a stream in records that are no multiple of a window, and restarts in between
        TrainingSpec online = TrainingSpec.newBuilder(spec(1))
                .setSampling(SamplingKind.ONLINE)
                .setSegmentWindows(2)
                .build();
        long stretch = SpecConversion.settings(online).sampling().stretch();
        tokens.publish("stream", online);
        int produced = 0;
        for (int restart = 0; restart < 3; restart++) {
            for (int i = 0; i < 10; i++) {
                tokens.appendTokens("stream", 97);
                produced += 97;
            }
            long expected = (produced - 1) / stretch * stretch;
            await().atMost(TIMEOUT)
                    .until(() -> newest("stream") != null && newest("stream").getTokensTrained() == expected);
            trainer.close();
            trainer = start(Duration.ofMillis(200), 0);
        }

        // When the rest arrives
        tokens.appendTokens("stream", 1_000);
        produced += 1_000;
        long trained = (produced - 1) / stretch * stretch;
        await().atMost(TIMEOUT).until(() -> newest("stream").getTokensTrained() == trained);

        // Then every token was trained on once: the weights are those of a run that read the stream in one piece
        CheckpointManifest newest = newest("stream");
        Checkpoint checkpoint = Checkpoint.read(new CheckpointReader(connection, topics).read("stream", newest));
        assertThat(checkpoint.cursor().epochTokens()).isEqualTo(trained);
        assertThat(newest.getWeightsSha256()).isEqualTo(alone(tokens.corpus("stream"), online));

        // And its cursor is an offset and a token in that record, which is where the group's offset stands
        assertThat(newest.getResumeAt().getTokenOffset()).isEqualTo(30);
        assertThat(newest.getResumeAt().getToken()).isEqualTo((int) (trained - 30 * 97));
        assertThat(tokens.committedOffset("stream", PARTITIONS)).isEqualTo(30);
    }

    private TrainerService start(Duration checkpointInterval, int keepEvery) {
        return Trainers.start(connection, topics, PARTITIONS, checkpointInterval, new CheckpointSlots(4, keepEvery));
    }

    /** Opens the transactions of a partition, as another owner would, and leaves again. */
    private void fence(int partition) {
        new CheckpointTransactions(connection, topics, partition).close();
    }

    /** Opens a transaction of a partition's owner that holds offsets, and ends without a word. */
    private void leaveOpen(int partition) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.group("trainer") + "-" + partition);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 600_000);
        KafkaProducer<byte[], byte[]> owner =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        owner.initTransactions();
        owner.beginTransaction();
        owner.sendOffsetsToTransaction(
                Map.of(new TopicPartition(topics.of(Topic.TOKENS), partition), new OffsetAndMetadata(1)),
                tokens.groupMetadata());
        owner.close(Duration.ZERO);
    }

    /** Asks for so many epochs; returns the checkpoint after them. */
    private CheckpointManifest trained(String corpus, int epochs) {
        tokens.publish(corpus, spec(epochs));
        await().atMost(TIMEOUT)
                .until(() -> newest(corpus) != null
                        && newest(corpus).getEpoch() == epochs
                        && newest(corpus).getFinished());
        return newest(corpus);
    }

    private CheckpointManifest finished(String corpus) {
        await().atMost(TIMEOUT).until(() -> tokens.isFinished(corpus));
        return newest(corpus);
    }

    private CheckpointManifest newest(String corpus) {
        return tokens.findNewest(corpus).orElse(null);
    }

    /** Waits until progress after the first so many records says that training has diverged. */
    private void awaitDivergence(String corpus, int known) {
        await().atMost(TIMEOUT).until(() -> tokens.progress(corpus).stream()
                .skip(known)
                .anyMatch(progress -> progress.getState() == TrainingState.FAILED
                        && progress.getMessage().startsWith("training diverged")
                        && progress.getMessage().contains("lower the learning rate (1.0E300)")));
    }

    /** SHA-256 of the weights of a run that nobody disturbs. */
    private String alone(String corpus, int count, TrainingSpec spec) {
        assertThat(tokens.corpus(corpus).tokens().size()).isEqualTo(count);
        return alone(tokens.corpus(corpus), spec);
    }

    private static String alone(Corpus corpus, TrainingSpec spec) {
        Engines engines = new Engines(EngineSettings.cpu(1));
        assertThat(corpus.reading()).isEqualTo(Reading.of(Tokenizer.CHARACTERS, Normalizer.LETTERS));
        try (TrainingRun run = TrainingRun.begin(corpus, SpecConversion.settings(spec), engines)) {
            while (run.state() instanceof RunState.Training) {
                run.step();
            }
            return run.checkpoint().orElseThrow().weightsSha256();
        }
    }

    private static TrainingSpec spec(int epochs) {
        return TrainingSpec.newBuilder()
                .setCell(CellKind.GRU)
                .setHidden(32)
                .setBatch(4)
                .setWindow(20)
                .setEpochs(epochs)
                .setSampling(SamplingKind.SEQUENTIAL)
                .setOptimizer(OptimizerKind.ADAM)
                .setOutput(OutputKind.LINEAR)
                .setInitialization(InitializationKind.PYTORCH)
                .setLearningRate(0.01)
                .build();
    }
}

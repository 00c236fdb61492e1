package io.inkstream.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.corpuslog.checkpoints.NextManifest;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.checkpoints.SentChunks;
import io.inkstream.corpuslog.deadletters.RejectedRecords;
import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.platform.registry.TrustedSchemas;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.SpecPosition;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.trainer.followers.PublishedSpec;
import io.inkstream.trainer.training.CheckpointSchedule.Uncommitted;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The phases of a corpus's training, without Kafka. */
@Timeout(60)
class CorpusTrainingTest {

    private static final String CORPUS = "corpus";
    private static final CheckpointSlots SLOTS = new CheckpointSlots(4, 0);
    private static final Engines ENGINES = new Engines(EngineSettings.cpu(1));

    private final PartitionTokens partition = new PartitionTokens(0, new RejectedRecords("dead-letters", 0), 0);
    private final CommittedFiles committed = new CommittedFiles();
    private int specs;
    private long blocks;
    private CorpusTraining training;

    @BeforeAll
    static void openDevice() {
        TrustedSchemas.trust();
    }

    CorpusTrainingTest() {
        append(0, 500);
        training = training(Optional.empty());
    }

    @AfterEach
    void close() {
        training.close();
    }

    @Test
    void withoutASpecNothingIsRequested() {
        // When
        training.follow(Optional.empty(), committed);

        // Then
        assertThat(training.requested()).isFalse();
        assertThat(waiting()).isEqualTo("no training requested");
        assertThat(training.prepare(SLOTS)).isEmpty();
        assertThat(training.uncommitted()).isEqualTo(Uncommitted.NOTHING);
    }

    @Test
    void aRequestTrainsUntilAllEpochsAreDone() {
        // When
        training.follow(published(spec(16, 2)), committed);
        train();

        // Then
        assertThat(training.state()).isInstanceOf(RunState.Done.class);
        assertThat(training.uncommitted()).isEqualTo(Uncommitted.END);

        // And when it is committed
        CheckpointManifest manifest = commit();

        // Then
        assertThat(manifest.getFinished()).isTrue();
        assertThat(manifest.getEpoch()).isEqualTo(2);
        assertThat(training.uncommitted()).isEqualTo(Uncommitted.NOTHING);
    }

    @Test
    void afterARejectedSpecTheRunOfTheOneBeforeContinues() {
        // Given a run with steps that are not committed
        training.follow(published(spec(16, 100)), committed);
        training.step();
        training.step();

        // When
        training.follow(published(spec(0, 100)), committed);

        // Then
        assertThat(failed()).startsWith("the spec cannot be trained: ").contains("hidden must be at least 1");
        assertThat(training.hasUncommittedSteps()).isTrue();

        // And when the settings are possible again
        training.follow(published(spec(16, 100)), committed);

        // Then
        assertThat(training.state()).isInstanceOf(RunState.Training.class);
        assertThat(training.liveProgress().getStep()).isEqualTo(2);
    }

    @Test
    void anotherModelStartsFromScratch() {
        // Given
        training.follow(published(spec(16, 100)), committed);
        training.step();

        // When
        training.follow(published(spec(8, 100)), committed);

        // Then
        assertThat(training.state()).isInstanceOf(RunState.Training.class);
        assertThat(training.liveProgress().getStep()).isZero();
        assertThat(training.hasUncommittedSteps()).isFalse();
    }

    @Test
    void whenTheSpecIsWithdrawnTheLastStepsAreStillThere() {
        // Given
        training.follow(published(spec(16, 100)), committed);
        training.step();

        // When
        training.follow(Optional.empty(), committed);

        // Then
        assertThat(training.requested()).isFalse();
        assertThat(training.hasUncommittedSteps()).isTrue();
        assertThat(commit().getFinished()).isFalse();
    }

    @Test
    void anUnreadableCheckpointIsRetriedAfterTwoSeconds() {
        // Given a committed checkpoint, and Kafka away
        CheckpointManifest newest = trained();
        restart(Optional.of(newest));
        Optional<PublishedSpec> published = published(spec(16, 100));
        committed.failure = new TimeoutException("Kafka is away");
        long start = System.nanoTime();
        training.follow(published, committed);
        assertThat(waiting()).isEqualTo("the newest checkpoint is unavailable, retrying: Kafka is away");

        // When Kafka is back
        committed.failure = null;
        while (training.state() instanceof RunState.Waiting) {
            training.follow(published, committed);
        }

        // Then it is read again, but not at once
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(training.state()).isInstanceOf(RunState.Training.class);
        assertThat(training.liveProgress().getStep()).isEqualTo(newest.getStep());
    }

    @Test
    void whereNoCheckpointIsWholeAnotherSeedStartsFromScratch() {
        // Given
        CheckpointManifest newest = trained();
        restart(Optional.of(newest));
        committed.failure = new CheckpointUnreadableException("It is damaged.");

        // When
        training.follow(published(spec(16, 100)), committed);

        // Then
        assertThat(failed()).startsWith("It is damaged. No older one can be read either");

        // And when
        TrainingSpec other = TrainingSpec.newBuilder(spec(16, 100)).setSeed(7).build();
        training.follow(published(other), committed);

        // Then
        assertThat(training.state()).isInstanceOf(RunState.Training.class);
    }

    @Test
    void aRollbackHoldsUntilASpecIsPublishedAfterIt() {
        // Given a spec, and behind it a rollback
        CheckpointManifest newest = trained();
        TrainingSpec spec = spec(16, 100);
        Optional<PublishedSpec> before = published(spec);
        CheckpointManifest rollback = NextManifest.after(Optional.of(newest))
                .rolledBackTo(newest, Optional.of(new SpecPosition("topic", (long) specs)));
        restart(Optional.of(rollback));

        // When
        training.follow(before, committed);

        // Then
        assertThat(waiting()).startsWith("rolled back to checkpoint " + newest.getSha256());
        assertThat(training.requested()).isTrue();

        // And when the same spec is published again
        training.follow(published(spec), committed);

        // Then
        assertThat(training.state()).isInstanceOf(RunState.Training.class);
        assertThat(training.liveProgress().getStep()).isEqualTo(newest.getStep());
    }

    @Test
    void whatAnotherOwnerHasCommittedReplacesTheRun() {
        // Given a run, and an owner that was faster
        Optional<PublishedSpec> published = published(spec(16, 100));
        CheckpointManifest other = trained();
        restart(Optional.empty());
        training.follow(published, committed);
        training.step();

        // When
        training.reconcile(Optional.of(other));
        training.follow(published, committed);

        // Then
        assertThat(training.newestCheckpoint()).contains(other);
        assertThat(training.liveProgress().getStep()).isEqualTo(other.getStep());
    }

    @Test
    void aCommitWhoseReplyWasLostIsRecognized() {
        // Given a checkpoint that was sent
        training.follow(published(spec(16, 100)), committed);
        training.step();
        PreparedCheckpoint sent = training.prepare(SLOTS).orElseThrow();
        CheckpointManifest manifest = committed.write(sent);
        training.step();

        // When it turns out to be committed
        training.reconcile(Optional.of(manifest));

        // Then the run continues
        assertThat(training.newestCheckpoint()).contains(manifest);
        assertThat(training.liveProgress().getStep()).isEqualTo(2);
        assertThat(training.uncommitted()).isEqualTo(Uncommitted.STEPS);
    }

    @Test
    void aGapInTheTokensHoldsTrainingUpUntilItIsFilled() {
        // Given
        training.follow(published(spec(16, 100)), committed);
        training.step();

        // When
        append(600, 50);

        // Then
        assertThat(failed()).contains("Tokens 500 to 599 are missing");

        // And when
        append(500, 100);

        // Then
        assertThat(training.state()).isInstanceOf(RunState.Training.class);
        assertThat(training.liveProgress().getStep()).isEqualTo(1);
    }

    @Test
    void whatFailsHalfwayKeepsTheLastCheckpoint() {
        // Given
        training.follow(published(spec(16, 100)), committed);
        training.step();
        CheckpointManifest newest = commit();
        training.step();

        // When
        training.fail("its checkpoint cannot be written", new OutOfMemoryError("in a test"));

        // Then
        assertThat(failed()).startsWith("its checkpoint cannot be written. The last checkpoint is kept");
        assertThat(training.hasUncommittedSteps()).isFalse();

        // And other settings resume from it
        training.follow(published(spec(16, 200)), committed);
        assertThat(training.state()).isInstanceOf(RunState.Training.class);
        assertThat(training.liveProgress().getStep()).isEqualTo(newest.getStep());
    }

    /** Trains the corpus for two steps, commits them, and closes; returns the manifest. */
    private CheckpointManifest trained() {
        training.follow(published(spec(16, 100)), committed);
        training.step();
        training.step();
        CheckpointManifest manifest = commit();
        training.close();
        return manifest;
    }

    private void restart(Optional<CheckpointManifest> newest) {
        training.close();
        training = training(newest);
    }

    private CorpusTraining training(Optional<CheckpointManifest> newest) {
        CorpusTokens tokens = partition.corpora().get(CORPUS);
        return new CorpusTraining(CORPUS, tokens, newest, ENGINES);
    }

    private void train() {
        while (training.state() instanceof RunState.Training) {
            training.step();
        }
    }

    private CheckpointManifest commit() {
        CheckpointManifest manifest = committed.write(training.prepare(SLOTS).orElseThrow());
        training.committed(manifest);
        return manifest;
    }

    private String waiting() {
        assertThat(training.state()).isInstanceOf(RunState.Waiting.class);
        return ((RunState.Waiting) training.state()).reason();
    }

    private String failed() {
        assertThat(training.state()).isInstanceOf(RunState.Failed.class);
        return ((RunState.Failed) training.state()).error();
    }

    private Optional<PublishedSpec> published(TrainingSpec training) {
        CorpusSpec spec = CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .setTraining(training)
                .build();
        return Optional.of(new PublishedSpec(spec, new SpecPosition("topic", (long) specs++), Instant.EPOCH));
    }

    private static TrainingSpec spec(int hidden, int epochs) {
        return TrainingSpec.newBuilder()
                .setHidden(hidden)
                .setBatch(2)
                .setWindow(10)
                .setEpochs(epochs)
                .build();
    }

    private void append(long position, int count) {
        boolean first = position == 0;
        TokenBlock block = TokenBlock.newBuilder()
                .setFirstPosition(position)
                .setFirstNewId(first ? 1 : 3)
                .setNewEntries(first ? List.of("a", "b") : List.of())
                .setTokens(Collections.nCopies(count, 2))
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .setTextPartition(0)
                .setTextOffset(blocks)
                .build();
        byte[] key = CORPUS.getBytes(StandardCharsets.UTF_8);
        partition.append(new ConsumerRecord<>("tokens", 0, blocks++, key, new byte[1]), (topic, value) -> block);
    }

    /** Checkpoints in memory. */
    private static final class CommittedFiles implements CheckpointSource {

        private final Map<String, byte[]> files = new HashMap<>();
        private RuntimeException failure;

        CheckpointManifest write(PreparedCheckpoint checkpoint) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            try {
                checkpoint.file().writeTo(file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            byte[] bytes = file.toByteArray();
            String sha256 = Sha256.of(bytes);
            files.put(sha256, bytes);
            checkpoint.beforeCommit().accept(sha256);
            return checkpoint.manifest().complete(new SentChunks(sha256, bytes.length, 0, List.of(0L)));
        }

        @Override
        public Checkpoint read(String corpus, CheckpointManifest manifest) {
            if (failure != null) {
                throw failure;
            }
            byte[] file = files.get(manifest.getSha256());
            try {
                return Checkpoint.read(new ByteArrayInputStream(file), file.length);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public List<CheckpointManifest> fallbacks(String corpus, CheckpointManifest damaged) {
            return List.of();
        }
    }
}

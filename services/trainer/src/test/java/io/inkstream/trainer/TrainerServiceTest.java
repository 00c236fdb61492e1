package io.inkstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.schemas.TrainingState;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.TokenTopic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The trainer against a real broker and registry. Each test has topics of its own. */
class TrainerServiceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final AtomicInteger TESTS = new AtomicInteger();

    private Connection connection;
    private TopicNames topics;
    private TrainerService trainer;
    private TokenTopic tokens;

    @BeforeEach
    void startTrainer() {
        connection = BrokerFixture.get().connection();
        topics = new TopicNames("test" + TESTS.incrementAndGet());
        trainer = start(Duration.ofSeconds(10));
        tokens = new TokenTopic(connection, topics);
    }

    @AfterEach
    void stopTrainer() {
        tokens.close();
        trainer.close();
    }

    @Test
    void trainsACorpusAndCommitsItsCheckpointWithTheOffsets() throws Exception {
        // Given
        tokens.appendTokens("wells", 2_000);

        // When
        tokens.publish("wells", spec(4, 1));

        // Then
        CheckpointManifest manifest = finished("wells");
        assertThat(manifest.getEpoch()).isEqualTo(4);
        assertThat(manifest.getPerplexity()).isBetween(2.0, 20.0);
        assertThat(manifest.getSource().getEndPosition()).isEqualTo(2_000);
        assertThat(manifest.getVocabularySize()).isEqualTo(13);

        // And the checkpoint is whole
        Checkpoint checkpoint = Checkpoint.read(new CheckpointReader(connection, topics).read("wells", manifest));
        assertThat(checkpoint.weightsSha256()).isEqualTo(manifest.getWeightsSha256());

        // And each epoch is recorded exactly once
        assertThat(tokens.epochs("wells"))
                .extracting(TrainingProgress::getEpoch)
                .containsExactly(1, 2, 3, 4);

        // And the group's offset is behind the last block
        assertThat(tokens.committedOffset("wells", 2)).isEqualTo(1);
    }

    @Test
    void resumesAfterAStopToTheSameWeightsAsAnUninterruptedRun() {
        // Given a run that is stopped twice in the middle, the second time soon after it resumed
        trainer.close();
        trainer = start(Duration.ofMillis(200));
        tokens.appendTokens("alone", 5_000);
        tokens.publish("alone", spec(100_000, 1));
        for (int stop = 1; stop <= 2; stop++) {
            int stops = stop;
            await().atMost(TIMEOUT)
                    .until(() -> newest("alone") != null && newest("alone").getEpoch() >= 2 * stops);
            trainer.close();
            if (stop == 1) {
                trainer = start(Duration.ofMillis(200));
            }
        }
        int epochs = newest("alone").getEpoch() + 2;
        tokens.publish("alone", spec(epochs, 1));
        trainer = start(Duration.ofMillis(200));
        CheckpointManifest stopped = finished("alone");
        List<TrainingProgress> recorded = tokens.epochs("alone");

        // When the same run is not interrupted
        tokens.close();
        trainer.close();
        topics = new TopicNames(topics.prefix() + "-undisturbed");
        trainer = start(Duration.ofSeconds(10));
        tokens = new TokenTopic(connection, topics);
        tokens.appendTokens("alone", 5_000);
        tokens.publish("alone", spec(epochs, 1));
        CheckpointManifest alone = finished("alone");

        // Then
        assertThat(stopped.getWeightsSha256()).isEqualTo(alone.getWeightsSha256());
        assertThat(stopped.getPerplexity()).isEqualTo(alone.getPerplexity());
        assertThat(recorded)
                .extracting(TrainingProgress::getEpoch)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, epochs).boxed().toList());
        assertThat(recorded).extracting(TrainingProgress::getStep).isSorted();
    }

    @Test
    void growsWithTextThatArrivesLater() {
        // Given
        tokens.appendTokens("growing", 1_000);
        tokens.publish("growing", spec(3, 1));
        String before = finished("growing").getSha256();

        // When
        tokens.appendNewLetters("growing", 500);

        // Then
        await().atMost(TIMEOUT).until(() -> newest("growing").getEpoch() == 6);
        CheckpointManifest grown = finished("growing");
        assertThat(grown.getVocabularySize()).isEqualTo(15);
        assertThat(grown.getSource().getEndPosition()).isEqualTo(1_500);
        assertThat(tokens.manifests("growing"))
                .extracting(CheckpointManifest::getSha256)
                .contains(before);
    }

    @Test
    void trainsSeveralCorporaSideBySide() {
        // Given
        List<String> corpora = List.of("austen", "dickens", "eliot");
        corpora.forEach(corpus -> tokens.appendTokens(corpus, 1_000));

        // When
        corpora.forEach(corpus -> tokens.publish(corpus, spec(10, 1)));

        // Then
        corpora.forEach(corpus -> assertThat(finished(corpus).getEpoch()).isEqualTo(10));
    }

    @Test
    void textThatKeepsArrivingLeavesEachCorpusItsShare() {
        // Given corpora that train for as long as they may
        List<String> corpora = List.of("austen", "dickens", "eliot");
        corpora.forEach(corpus -> tokens.appendTokens(corpus, 5_000));
        corpora.forEach(corpus -> tokens.publish(corpus, spec(100_000, 1)));
        await().atMost(TIMEOUT).until(() -> corpora.stream().allMatch(this::isTraining));
        Map<String, Long> before = steps(corpora);

        // When another's text arrives a bit at a time, for some ten slices of each
        long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < end) {
            tokens.appendTokens("news", 10);
        }

        // Then all three have continued, each about as far as the others
        Map<String, Long> after = steps(corpora);
        List<Long> gone = corpora.stream()
                .map(corpus -> after.get(corpus) - before.get(corpus))
                .sorted()
                .toList();
        assertThat(gone.get(0)).as("steps %s", gone).isGreaterThan(gone.get(2) / 2);
    }

    @Test
    void commitsCheckpointsWhileNewCorporaArrive() {
        // Given one corpus in training, with a checkpoint after every slice
        trainer.close();
        trainer = start(Duration.ofMillis(1));
        tokens.appendTokens("busy", 5_000);
        tokens.publish("busy", spec(100_000, 1));
        await().atMost(TIMEOUT).until(() -> newest("busy") != null);

        // When
        for (int i = 0; i < 300; i++) {
            tokens.appendTokens("new-" + i, 10);
        }

        // Then
        long step = newest("busy").getStep();
        await().atMost(TIMEOUT).until(() -> newest("busy").getStep() > step);
        assertThat(trainer.health().live()).as(trainer.health().detail()).isTrue();
    }

    @Test
    void handsACorpusOverToAnotherTrainer() {
        // Given
        tokens.appendTokens("shared", 5_000);
        tokens.publish("shared", spec(400, 1));
        await().atMost(TIMEOUT).until(() -> newest("shared") != null);

        // When another joins and the first one leaves
        try (TrainerService other = start(Duration.ofMillis(500))) {
            trainer.close();
            int left = newest("shared").getEpoch();

            // Then
            await().atMost(TIMEOUT).until(() -> newest("shared").getEpoch() > left);
            List<CheckpointManifest> manifests = tokens.manifests("shared");
            for (int i = 1; i < manifests.size(); i++) {
                assertThat(manifests.get(i).getParent())
                        .isEqualTo(manifests.get(i - 1).getSha256());
                assertThat(manifests.get(i).getStep())
                        .isGreaterThan(manifests.get(i - 1).getStep());
            }
            assertThat(other.health().live()).isTrue();
        }
    }

    @Test
    void keepsTrainingItsPartitionsWhenAnotherTrainerJoins() {
        // Given corpora in both partitions
        List<String> corpora = List.of("austen", "bronte", "carroll", "dickens", "eliot");
        corpora.forEach(corpus -> {
            tokens.appendTokens(corpus, 1_000);
            tokens.publish(corpus, spec(2, 1));
        });
        corpora.forEach(this::finished);

        // When
        try (TrainerService other = start(Duration.ofMillis(500))) {
            await().atMost(TIMEOUT).until(() -> other.health().ready());
            corpora.forEach(corpus -> tokens.appendTokens(corpus, 1_000));

            // Then each is trained on its new text by whoever has it
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(corpora).allSatisfy(corpus -> {
                assertThat(newest(corpus).getSource().getEndPosition()).isEqualTo(2_000);
                assertThat(newest(corpus).getFinished()).isTrue();
            }));
        }
    }

    @Test
    void resumesWhenMoreEpochsAreRequested() {
        // Given
        tokens.appendTokens("more", 1_000);
        tokens.publish("more", spec(2, 1));
        CheckpointManifest first = finished("more");

        // When
        tokens.publish("more", spec(5, 1));

        // Then
        await().atMost(TIMEOUT).until(() -> newest("more").getEpoch() == 5);
        assertThat(tokens.manifests("more").get(1).getParent()).isEqualTo(first.getSha256());
    }

    @Test
    void startsFromScratchWhenAnotherNetworkIsRequested() {
        // Given
        tokens.appendTokens("other", 1_000);
        tokens.publish("other", spec(2, 1));
        CheckpointManifest first = finished("other");

        // When
        tokens.publish("other", spec(2, 99));

        // Then
        await().atMost(TIMEOUT).until(() -> !newest("other").getWeightsSha256().equals(first.getWeightsSha256()));
        assertThat(finished("other").getEpoch()).isEqualTo(2);
    }

    @Test
    void stopsWhenTheSpecNoLongerAsksForTraining() {
        // Given
        trainer.close();
        trainer = start(Duration.ofSeconds(1));
        tokens.appendTokens("enough", 5_000);
        tokens.publish("enough", spec(100_000, 1));
        await().atMost(TIMEOUT).until(() -> newest("enough") != null && isTraining("enough"));

        // When
        tokens.publish("enough", null);

        // Then what was trained is committed, and training stops
        trainAnother("next");
        CheckpointManifest last = newest("enough");
        assertThat(tokens.progress("enough"))
                .allSatisfy(progress -> assertThat(progress.getStep()).isLessThanOrEqualTo(last.getStep()));
        trainAnother("later");
        assertThat(newest("enough")).isEqualTo(last);

        // And it resumes from there when it is requested again
        tokens.publish("enough", spec(100_000, 1));
        await().atMost(TIMEOUT).until(() -> newest("enough").getStep() > last.getStep());
        assertThat(tokens.manifests("enough"))
                .filteredOn(manifest -> manifest.getStep() > last.getStep())
                .first()
                .extracting(CheckpointManifest::getParent)
                .isEqualTo(last.getSha256());
    }

    @Test
    void rejectsASpecThatCannotBeTrained() {
        // Given
        tokens.appendTokens("wrong", 1_000);

        // When
        tokens.publish("wrong", TrainingSpec.newBuilder(spec(2, 1)).setHidden(0).build());

        // Then
        await().atMost(TIMEOUT).until(() -> tokens.progress("wrong").stream()
                .anyMatch(progress -> progress.getState() == TrainingState.FAILED
                        && progress.getMessage().contains("hidden must be at least 1, not 0")));
        assertThat(trainer.health().live()).isTrue();
    }

    @Test
    void measuresTheTextThatIsHeldOut() {
        // Given
        tokens.appendTokens("held", 2_000);

        // When
        tokens.publish(
                "held",
                TrainingSpec.newBuilder(spec(3, 1))
                        .setValidation(0.1)
                        .setMinFrequency(150)
                        .build());

        // Then every epoch reports it, and so does the manifest
        CheckpointManifest manifest = finished("held");
        assertThat(manifest.getValidationPerplexity()).isBetween(2.0, 20.0);
        assertThat(manifest.getSource().getEndPosition()).isEqualTo(1_800);
        assertThat(tokens.epochs("held")).hasSize(3).allSatisfy(epoch -> {
            assertThat(epoch.getEpochTokens()).isEqualTo(1_800);
            assertThat(epoch.getValidationPerplexity()).isBetween(2.0, 20.0);
            assertThat(epoch.getUnknownTokens()).isBetween(1L, 1_799L);
        });
        assertThat(tokens.epochs("held").get(2).getValidationPerplexity())
                .isEqualTo(manifest.getValidationPerplexity());
    }

    @Test
    void reportsWhichSizeANetworkWithoutALinearLayerMustHave() {
        // Given
        tokens.appendTokens("headless", 1_000);
        TrainingSpec misfit =
                TrainingSpec.newBuilder(spec(2, 1)).setOutput(OutputKind.HIDDEN).build();

        // When
        tokens.publish("headless", misfit);

        // Then
        await().atMost(TIMEOUT).until(() -> tokens.progress("headless").stream()
                .anyMatch(progress -> progress.getState() == TrainingState.FAILED
                        && progress.getMessage().contains("use --hidden 12, or a linear output")));
        assertThat(trainer.health().live()).isTrue();

        // And with that size it is trained
        tokens.publish("headless", TrainingSpec.newBuilder(misfit).setHidden(12).build());
        assertThat(finished("headless").getEpoch()).isEqualTo(2);
    }

    @Test
    void reportsHowMuchTextItIsWaitingFor() {
        // Given
        tokens.appendTokens("short", 10);

        // When
        tokens.publish("short", spec(2, 1));

        // Then
        await().atMost(TIMEOUT).until(() -> tokens.progress("short").stream()
                .anyMatch(progress -> progress.getState() == TrainingState.WAITING
                        && progress.getMessage().contains("need at least")));
    }

    @Test
    void sendsBlocksThatCannotBeReadToTheDeadLettersOnce() {
        // Given
        tokens.appendTokens("damaged", 1_000);
        tokens.publish("damaged", spec(2, 1));
        finished("damaged");

        // When
        tokens.appendGarbage("damaged");
        tokens.appendGap("damaged");

        // Then
        await().atMost(TIMEOUT).until(() -> tokens.committed(Topic.DEAD_LETTERS).size() == 2);
        await().atMost(TIMEOUT).until(() -> tokens.progress("damaged").stream()
                .anyMatch(progress -> progress.getState() == TrainingState.FAILED
                        && progress.getMessage().contains("Tokens 1000 to 1099 are missing")));
        var letter = tokens.committed(Topic.DEAD_LETTERS).get(0);
        assertThat(letter.value()).containsExactly(7, 7, 7);
        assertThat(new String(
                        letter.headers().lastHeader("__streams.errors.offset").value(), StandardCharsets.UTF_8))
                .isEqualTo("1");

        // And a restart, which reads them again, does not send them again
        trainer.close();
        trainer = start(Duration.ofSeconds(10));
        await().atMost(TIMEOUT).until(() -> trainer.health().ready());
        tokens.appendTokens("another", 1_000);
        tokens.publish("another", spec(1, 1));
        finished("another");
        assertThat(tokens.committed(Topic.DEAD_LETTERS)).hasSize(2);
    }

    private TrainerService start(Duration checkpointInterval) {
        return Trainers.start(connection, topics, 2, checkpointInterval);
    }

    private CheckpointManifest finished(String corpus) {
        await().atMost(TIMEOUT).until(() -> tokens.isFinished(corpus));
        return newest(corpus);
    }

    private CheckpointManifest newest(String corpus) {
        return tokens.findNewest(corpus).orElse(null);
    }

    private void trainAnother(String corpus) {
        tokens.appendTokens(corpus, 1_000);
        tokens.publish(corpus, spec(2, 1));
        finished(corpus);
    }

    /** Whether it was said last that steps have been taken, and more are. */
    private boolean isTraining(String corpus) {
        return tokens.progress(corpus).stream()
                .reduce((earlier, later) -> later)
                .filter(last -> last.getState() == TrainingState.TRAINING && last.getStep() > 0)
                .isPresent();
    }

    /** The steps of each corpus when it was glanced at last. */
    private Map<String, Long> steps(List<String> corpora) {
        return corpora.stream().collect(Collectors.toMap(corpus -> corpus, corpus -> {
            List<TrainingProgress> progress = tokens.progress(corpus);
            return progress.get(progress.size() - 1).getStep();
        }));
    }

    private static TrainingSpec spec(int epochs, long seed) {
        return TrainingSpec.newBuilder()
                .setCell(CellKind.GRU)
                .setHidden(32)
                .setBatch(4)
                .setWindow(20)
                .setEpochs(epochs)
                .setSeed(seed)
                .build();
    }
}

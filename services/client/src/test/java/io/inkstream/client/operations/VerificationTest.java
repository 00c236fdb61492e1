package io.inkstream.client.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.client.ProgressTopic;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.languagemodel.training.CompletedEpoch;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.platform.registry.TrustedSchemas;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A replay that parts from the record says at which step. */
class VerificationTest {

    private static final Instant START = Instant.ofEpochSecond(1_800_000_000L);
    private static final SamplingSettings SAMPLING = SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            NetworkSettings.of(Cell.GRU, 16), SAMPLING, new OptimizerSettings(OptimizerRule.ADAM, 0.01, 1), 100, 7);
    private static final int EPOCH = 16; // steps: 600 tokens in minibatches of 36
    private static final int[] IDS = new Random(3).ints(600, 1, 6).toArray();

    private static final Engines ENGINES = new Engines(EngineSettings.cpu(1));

    @BeforeAll
    static void trustSchemas() {
        TrustedSchemas.trust();
    }

    @Test
    void allFiguresOfAnUndisturbedTrainingAgree() {
        // Given checkpoints in the midst of the second and of the third epoch
        Recorded recorded = Recorded.of(IDS, EPOCH + 5, 2 * EPOCH + 7);

        // When
        Verification.Outcome outcome = recorded.verifiedWith(IDS);

        // Then: two checkpoints, two epochs, and each step
        assertThat(outcome)
                .isEqualTo(new Verification.Outcome(
                        2 * EPOCH + 7, 2 + 2 + 2 * EPOCH + 7, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void anAlteredTokenIsFoundAtTheFirstStepThatReadsIt() {
        // Given a token log that is another than the one that was trained on, by one token that only later steps read
        int[] altered = IDS.clone();
        altered[100] = altered[100] % 5 + 1;
        int step = firstStepThatDiffers(IDS, altered);
        assertThat(step).isBetween(2, EPOCH - 1);

        // When the first checkpoint comes later in the epoch, in a later epoch, or the epoch is not done yet
        Verification.Outcome midway = Recorded.of(IDS, EPOCH - 1, 3 * EPOCH).verifiedWith(altered);
        Verification.Outcome epochsLater = Recorded.of(IDS, 3 * EPOCH + 2).verifiedWith(altered);
        Verification.Outcome notDone = Recorded.of(IDS, EPOCH - 1).verifiedWith(altered);

        // Then
        assertThat(List.of(midway, epochsLater, notDone)).allSatisfy(outcome -> {
            assertThat(outcome.weights()).isPresent();
            assertThat(outcome.loss().orElseThrow().step()).isEqualTo(step);
            assertThat(outcome.loss().get().recorded())
                    .isNotEqualTo(outcome.loss().get().replayed());
        });
        assertThat(midway.epoch()).isEmpty();
        assertThat(epochsLater.epoch()).contains(1);
    }

    @Test
    void weightsThatNoStepComesToAreTheCheckpointsOwn() {
        // Given a manifest that names other weights than training came to
        Recorded recorded = Recorded.of(IDS, EPOCH, 2 * EPOCH);
        CheckpointManifest forged = CheckpointManifest.newBuilder(
                        recorded.manifests().get(1))
                .setWeightsSha256("0".repeat(64))
                .build();
        recorded.manifests().set(1, forged);

        // When
        Verification.Outcome outcome = recorded.verifiedWith(IDS);

        // Then
        assertThat(outcome.loss()).isEmpty();
        assertThat(outcome.epoch()).isEmpty();
        Verification.DifferentWeights weights = outcome.weights().orElseThrow();
        assertThat(weights.identicalUntil()).contains(recorded.manifests().get(0));
        assertThat(weights.at()).isEqualTo(forged);
    }

    @Test
    void recordsThatAreGoneAreNoDifference() {
        // Given a training of which nothing but the checkpoint is left
        Recorded recorded = Recorded.of(IDS, EPOCH + 5);
        recorded.epochs().clear();

        // When
        Verification.Outcome outcome = recorded.verifiedWith(IDS);

        // Then the checkpoint and the losses in it agree
        assertThat(outcome.weights()).isEmpty();
        assertThat(outcome.agreed()).isEqualTo(1 + 5);
    }

    private static int firstStepThatDiffers(int[] some, int[] others) {
        Sampler one = sampler(some);
        Sampler other = sampler(others);
        int index = 0;
        while (same(one.minibatch(index), other.minibatch(index))) {
            index++;
        }
        return index + 1;
    }

    private static boolean same(Minibatch one, Minibatch other) {
        return Arrays.equals(one.inputs(), other.inputs()) && Arrays.equals(one.targets(), other.targets());
    }

    private static Sampler sampler(int[] ids) {
        return Sampler.of(
                SAMPLING.method(), corpus(ids).tokens(), SAMPLING.batch(), SAMPLING.window(), SETTINGS.seed(), 0);
    }

    private static Corpus corpus(int[] ids) {
        Corpus corpus = new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
        corpus.append(List.of("a", "b", "c", "d", "e"), ids);
        return corpus;
    }

    /** The records of a training that was checkpointed after some steps. */
    private record Recorded(List<CheckpointManifest> manifests, Checkpoint last, List<TrainingProgress> epochs) {

        static Recorded of(int[] ids, int... checkpointSteps) {
            List<CheckpointManifest> manifests = new ArrayList<>();
            List<TrainingProgress> epochs = new ArrayList<>();
            try (TrainingRun run = TrainingRun.begin(corpus(ids), SETTINGS, ENGINES)) {
                for (int steps : checkpointSteps) {
                    while (run.cursor().step() < steps) {
                        run.step().ifPresent(epoch -> epochs.add(progress(epoch)));
                    }
                    manifests.add(manifest(run.checkpoint().orElseThrow()));
                }
                return new Recorded(manifests, run.checkpoint().orElseThrow(), epochs);
            }
        }

        Verification.Outcome verifiedWith(int[] tokens) {
            int newest = manifests.size() - 1;
            return new Verification(manifests.get(newest), last, manifests.subList(0, newest), epochs)
                    .run(corpus(tokens), ENGINES, step -> {});
        }

        private static TrainingProgress progress(CompletedEpoch epoch) {
            return TrainingProgress.newBuilder(ProgressTopic.epoch(
                            epoch.cursor().epoch(), epoch.cursor().perplexity(), null))
                    .setStep(epoch.cursor().step())
                    .setStepLosses(epoch.stepLosses().asList())
                    .setAt(START.plusSeconds(epoch.cursor().step()))
                    .build();
        }

        private static CheckpointManifest manifest(Checkpoint checkpoint) {
            long step = checkpoint.cursor().step();
            return CheckpointManifest.newBuilder()
                    .setSha256(Sha256.of(checkpoint.write()))
                    .setWeightsSha256(checkpoint.weightsSha256())
                    .setBytes(1)
                    .setSlot(0)
                    .setCheckpointPartition(0)
                    .setChunkOffsets(List.of(0L))
                    .setStep(step)
                    .setEpoch(checkpoint.cursor().epoch())
                    .setTokensTrained(checkpoint.cursor().tokensTrained())
                    .setFinished(false)
                    .setVocabularySize(checkpoint.vocabulary().size())
                    .setDevice("cpu")
                    .setThreads(1)
                    .setCreatedAt(START.plusSeconds(step).plus(Duration.ofMillis(1)))
                    .setSpec(SpecConversion.spec(checkpoint.reading(), checkpoint.settings()))
                    .build();
        }
    }
}

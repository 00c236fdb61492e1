package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Implementation;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A checkpoint records enough to repeat its training from the tokens alone. */
@Numerical
class ReplayTest {

    private static final NetworkSettings GRU = NetworkSettings.of(Cell.GRU, 16);
    private static final OptimizerSettings ADAM = new OptimizerSettings(OptimizerRule.ADAM, 0.01, 1);
    private static final SamplingSettings SEQUENTIAL = SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9);

    private static ComputeDevice one;
    private static ComputeDevice two;

    @BeforeAll
    static void openDevices() {
        one = ComputeDevice.open(ComputeDevice.Choice.CPU, 1);
        two = ComputeDevice.open(ComputeDevice.Choice.CPU, 2);
        one.prepareThread();
    }

    @Test
    void repeatsATrainingWithGrowthInterruptionsAndNewSettings() {
        // Given a model whose text grew, whose training was interrupted within epochs, and whose settings changed
        GrowingText text = new GrowingText(3_000);
        Corpus corpus = text.corpus();
        text.arrive(corpus, 600);
        TrainingRun run = TrainingRun.begin(corpus, settings(SEQUENTIAL, GRU), one);
        steps(run, 20);
        text.arrive(corpus, 1_100);
        run = resumed(run, corpus, two); // with two threads from the next epoch on
        steps(run, 30);
        run.adopt(settings(SEQUENTIAL.withValidation(0.1), GRU));
        steps(run, 45);
        run = resumed(run, corpus, one);
        text.arrive(corpus, 2_200);
        run.adopt(settings(SamplingSettings.of(Sampler.Method.ONLINE, 2, 9).withSegmentWindows(4), GRU));
        while (run.state() instanceof RunState.Training) {
            run.step();
        }
        run.adopt(settings(SamplingSettings.of(Sampler.Method.RANDOM, 8, 5), GRU.with(Implementation.EXPLICIT)));
        text.arrive(corpus, 2_900);
        steps(run, 33);
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        run.close();
        assertThat(checkpoint.history()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(checkpoint.history()).extracting(Span::threads).contains(1, 2);
        assertThat(checkpoint.cursor().insideEpoch()).isTrue();
        text.arrive(corpus, text.length());

        // When
        Checkpoint repeated = replayed(corpus, checkpoint);

        // Then
        assertThat(Sha256.of(repeated.write())).isEqualTo(Sha256.of(checkpoint.write()));
    }

    @Test
    void aDifferentTokenGivesDifferentWeights() {
        // Given
        GrowingText text = new GrowingText(600);
        Corpus corpus = text.corpus();
        text.arrive(corpus, 600);
        TrainingRun run = TrainingRun.begin(corpus, settings(SEQUENTIAL, GRU), one);
        steps(run, 25);
        Checkpoint checkpoint = run.checkpoint().orElseThrow();

        // When
        int[] ids = new int[600];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = corpus.tokens().id(i);
        }
        ids[20] = ids[20] == 1 ? 2 : 1; // in the first lane, after its offset
        Corpus forged = text.corpus();
        forged.append(corpus.vocabulary(corpus.vocabularySize()).entries(), ids);

        // Then
        assertThat(replayed(forged, checkpoint).weightsSha256()).isNotEqualTo(checkpoint.weightsSha256());
    }

    @Test
    void requiresAllTokens() {
        // Given
        GrowingText text = new GrowingText(600);
        Corpus corpus = text.corpus();
        text.arrive(corpus, 600);
        TrainingRun run = TrainingRun.begin(corpus, settings(SEQUENTIAL, GRU), one);
        steps(run, 5);
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        Corpus shorter = text.corpus();
        text.arrive(shorter, 400);

        // When, Then
        assertThatThrownBy(() -> new Replay(shorter, checkpoint, one))
                .hasMessage("It was trained on 600 tokens, of which the corpus has 400");
    }

    @Test
    void aModelKeepsItsThreadsUntilOthersAreConfigured() {
        // Given a model that was trained with two threads
        GrowingText text = new GrowingText(600);
        Corpus corpus = text.corpus();
        text.arrive(corpus, 600);
        TrainingRun run = TrainingRun.begin(corpus, settings(SEQUENTIAL, GRU), two);
        steps(run, 5);
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        ComputeDevice suitsTheMachine = new ComputeDevice(one.device(), 1, false);

        // When, Then
        TrainingRun goesOn = TrainingRun.resume(corpus, checkpoint, suitsTheMachine);
        steps(goesOn, 40);
        assertThat(goesOn.checkpoint().orElseThrow().threads()).isEqualTo(2);
        TrainingRun asked = TrainingRun.resume(corpus, checkpoint, one);
        steps(asked, 2);
        assertThat(asked.checkpoint().orElseThrow().threads())
                .as("the epoch under way is finished as it began")
                .isEqualTo(2);
        steps(asked, 38);
        assertThat(asked.checkpoint().orElseThrow().threads()).isEqualTo(1);
    }

    private static TrainingSettings settings(SamplingSettings sampling, NetworkSettings network) {
        return new TrainingSettings(network, sampling, ADAM, 1_000, 7);
    }

    private static void steps(TrainingRun run, int steps) {
        for (int i = 0; i < steps; i++) {
            run.step();
        }
    }

    private static TrainingRun resumed(TrainingRun run, Corpus corpus, ComputeDevice device) {
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        run.close();
        return TrainingRun.resume(corpus, Checkpoint.read(checkpoint.write()), device);
    }

    private static Checkpoint replayed(Corpus corpus, Checkpoint checkpoint) {
        try (Replay replay = new Replay(corpus, Checkpoint.read(checkpoint.write()), one)) {
            while (!replay.done()) {
                replay.step();
            }
            return replay.checkpoint().orElseThrow();
        }
    }
}

package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.EachEngine;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** A checkpoint records enough to repeat its training from the tokens alone. */
@Numerical
@EachEngine
class ReplayTest {

    private static final NetworkSettings GRU = NetworkSettings.of(Cell.GRU, 16);
    private static final OptimizerSettings ADAM = new OptimizerSettings(OptimizerRule.ADAM, 0.01, 1);
    private static final SamplingSettings SEQUENTIAL = SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9);

    @Parameter
    EngineKind kind;

    private Engines one;
    private Engines two;

    @BeforeEach
    void configure() {
        one = EnginesUnderTest.with(kind, 1);
        two = EnginesUnderTest.with(kind, 2);
    }

    @Test
    void repeatsATrainingWithGrowthInterruptionsNewSettingsAndOtherEngines() {
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
        run = resumed(run, corpus, EnginesUnderTest.with(another()));
        run.adopt(settings(SamplingSettings.of(Sampler.Method.RANDOM, 8, 5), GRU));
        text.arrive(corpus, 2_900);
        steps(run, 33);
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        run.close();
        assertThat(checkpoint.history()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(checkpoint.history())
                .extracting(span -> span.engine().orElseThrow())
                .startsWith(kind)
                .endsWith(another());
        assertThat(checkpoint.history())
                .extracting(Span::threads)
                .contains(one.configured().threads(), two.configured().threads());
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
    void namesAnEpochThatThisVersionCannotCompute() {
        // Given a model of which an earlier version trained the second epoch by the equations, step by step
        GrowingText text = new GrowingText(600);
        Corpus corpus = text.corpus();
        text.arrive(corpus, 600);
        TrainingRun run = TrainingRun.begin(corpus, settings(SEQUENTIAL, GRU), one);
        steps(run, 40);
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        Span first = checkpoint.history().get(0);
        Span second = new Span(
                1,
                first.tokens(),
                first.heldOut(),
                first.vocabulary(),
                first.settings(),
                Optional.empty(),
                first.threads());
        Checkpoint earlier = new Checkpoint(
                checkpoint.network(),
                checkpoint.vocabulary(),
                checkpoint.reading(),
                checkpoint.settings(),
                checkpoint.cursor(),
                List.of(first, second),
                checkpoint.engine(),
                checkpoint.device(),
                checkpoint.threads());

        // When, Then
        assertThatThrownBy(() -> new Replay(corpus, Checkpoint.read(earlier.write()), one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Epoch 2 was trained with --implementation explicit, which this version does not have");
    }

    /** Another engine, if there is one. */
    private EngineKind another() {
        return EnginesUnderTest.kinds()
                .filter(other -> other != kind)
                .findFirst()
                .orElse(kind);
    }

    private static TrainingSettings settings(SamplingSettings sampling, NetworkSettings network) {
        return new TrainingSettings(network, sampling, ADAM, 1_000, 7);
    }

    private static void steps(TrainingRun run, int steps) {
        for (int i = 0; i < steps; i++) {
            run.step();
        }
    }

    private static TrainingRun resumed(TrainingRun run, Corpus corpus, Engines engines) {
        Checkpoint checkpoint = run.checkpoint().orElseThrow();
        run.close();
        return TrainingRun.resume(corpus, Checkpoint.read(checkpoint.write()), engines);
    }

    private Checkpoint replayed(Corpus corpus, Checkpoint checkpoint) {
        try (Replay replay = new Replay(corpus, Checkpoint.read(checkpoint.write()), one)) {
            while (!replay.done()) {
                replay.step();
            }
            return replay.checkpoint().orElseThrow();
        }
    }
}

package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.EachEngine;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.TeacherForcing;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network whose vocabulary grows: new letters, then Chinese characters, then emoji. */
@Numerical
@EachEngine
class GrowthTest {

    @Parameter
    EngineKind kind;

    private Engines engines;

    @BeforeEach
    void configure() {
        engines = EnginesUnderTest.with(kind);
    }

    @ParameterizedTest
    @CsvSource({"RNN_TANH, 0, 1", "RNN_RELU, 5, 1", "GRU, 0, 2", "GRU, 6, 1", "LSTM, 0, 1", "LSTM, 4, 2"})
    void growthDoesNotChangeTheLogitsOfKnownTokens(Cell cell, int embedding, int layers) {
        // Given a trained network
        GrowingText text = new GrowingText(2_000);
        Corpus corpus = text.corpus();
        text.arrive(corpus, 400);
        TrainingSettings settings = settings(cell, embedding, layers, OptimizerRule.ADAM);
        Checkpoint small;
        try (TrainingRun run = TrainingRun.begin(corpus, settings, engines)) {
            for (int i = 0; i < 30; i++) {
                run.step();
            }
            small = run.checkpoint().orElseThrow();
        }
        int known = small.vocabulary().size();
        text.arrive(corpus, text.length());

        // When it grows
        NetworkState grown = small.network()
                .grownTo(corpus.vocabularySize(), settings.network().initialization(), settings.seed());

        // Then on a text of known tokens each of their logits is the same
        int[] tokens = new int[200];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = corpus.tokens().id(i);
        }
        List<float[]> before = TeacherForcing.logits(
                new Decoder(small.shape(), small.parameters(), small.vocabulary(), small.reading()), tokens);
        List<float[]> after = TeacherForcing.logits(
                new Decoder(
                        grown.shape(), grown.parameters(), corpus.vocabulary(corpus.vocabularySize()), small.reading()),
                tokens);
        assertThat(corpus.vocabularySize()).isGreaterThan(known + 5);
        for (int i = 0; i < tokens.length; i++) {
            assertThat(Arrays.copyOf(after.get(i), known))
                    .as("after token %d", i)
                    .isEqualTo(before.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({"RNN_TANH, SGD", "GRU, ADAM", "LSTM, ADAM", "LSTM, SGD"})
    void resumesToTheSameBitsWhenKilledDuringGrowth(Cell cell, OptimizerRule rule) {
        // Given a run that sees its text grow three times
        GrowingText text = new GrowingText(2_000);
        Checkpoint alone = grownTo(text, cell, rule, Integer.MAX_VALUE);

        // When it is resumed from its last checkpoint after every few steps, before, while and after the network grows
        for (int every = 1; every <= 9; every += 4) {
            Checkpoint resumed = grownTo(text, cell, rule, every);

            // Then
            assertThat(Sha256.of(resumed.write()))
                    .as("resumed after every %d steps", every)
                    .isEqualTo(Sha256.of(alone.write()));
        }
        assertThat(alone.vocabulary().entries()).contains("d", "河", "🖋");
    }

    @Test
    void restoresGrownShapesAndTheirOptimizerState() {
        // Given
        Checkpoint grown = grownTo(new GrowingText(2_000), Cell.GRU, OptimizerRule.ADAM, Integer.MAX_VALUE);

        // When
        Checkpoint restored = Checkpoint.read(grown.write());

        // Then the optimizer's tensors have the shapes of the grown parameters, and are not zero for the newest token
        int vocabulary = restored.vocabulary().size();
        int newest = vocabulary - 1;
        assertThat(restored.vocabulary().token(newest)).isIn("🖋", "📖");
        restored.network().optimizer().forEach((name, tensor) -> {
            String parameter = name.substring(name.indexOf('.', name.indexOf('.') + 1) + 1);
            assertThat(tensor.shape())
                    .as(name)
                    .isEqualTo(restored.parameters().get(parameter).shape());
            if (parameter.equals("linear.bias")) {
                assertThat(tensor.values()[newest]).as(name).isNotZero();
            }
        });
        assertThat(Vocabulary.UNKNOWN_ID).isZero();
    }

    /** Trains two epochs on each quarter more of the text; resumes from a checkpoint at a fixed interval of steps. */
    private Checkpoint grownTo(GrowingText text, Cell cell, OptimizerRule rule, int resumeEvery) {
        Corpus corpus = text.corpus();
        TrainingRun run = TrainingRun.begin(corpus, settings(cell, 0, 1, rule), engines);
        for (int quarter = 1; quarter <= 4; quarter++) {
            text.arrive(corpus, text.length() * quarter / 4);
            while (run.state() instanceof RunState.Training) {
                run.step();
                if (run.cursor().step() % resumeEvery == 0) {
                    Checkpoint checkpoint = run.checkpoint().orElseThrow();
                    run.close();
                    run = TrainingRun.resume(corpus, Checkpoint.read(checkpoint.write()), engines);
                }
            }
        }
        try (TrainingRun ended = run) {
            return ended.checkpoint().orElseThrow();
        }
    }

    private static TrainingSettings settings(Cell cell, int embedding, int layers, OptimizerRule rule) {
        return new TrainingSettings(
                NetworkSettings.of(cell, 16).with(layers, embedding),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9),
                new OptimizerSettings(rule, rule == OptimizerRule.SGD ? 0.5 : 0.01, 1),
                2,
                7);
    }
}

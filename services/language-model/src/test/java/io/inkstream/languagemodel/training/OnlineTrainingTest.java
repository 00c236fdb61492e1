package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.EachEngine;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Sha256;
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
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each token once, in the order of the stream, whenever it arrives and however often training is interrupted. */
@Numerical
@EachEngine
class OnlineTrainingTest {

    /** 4 lanes of 3 windows of 9 tokens each. */
    private static final int STRETCH = 4 * 3 * 9;

    @Parameter
    EngineKind kind;

    private Engines engines;

    @BeforeEach
    void configure() {
        engines = EnginesUnderTest.with(kind);
    }

    @ParameterizedTest
    @CsvSource({"RNN_TANH, SGD", "RNN_TANH, ADAM", "GRU, SGD", "GRU, ADAM", "LSTM, SGD", "LSTM, ADAM"})
    void theResultDoesNotDependOnArrivalOrInterruptions(Cell cell, OptimizerRule rule) {
        // Given a text with letters that appear late, all available from the beginning
        GrowingText text = new GrowingText(20 * STRETCH + 50);
        TrainingSettings settings = settings(cell, rule);
        Corpus whole = text.corpus();
        text.arrive(whole, text.length());
        Checkpoint alone = drained(TrainingRun.begin(whole, settings, engines));

        // When it arrives in pieces of any length, and training is resumed from a checkpoint again and again
        Random random = new Random(11);
        Corpus pieces = text.corpus();
        TrainingRun run = TrainingRun.begin(pieces, settings, engines);
        while (pieces.tokens().size() < text.length() || run.state() instanceof RunState.Training) {
            if (pieces.tokens().size() < text.length() && random.nextInt(3) == 0) {
                text.arrive(pieces, Math.min(text.length(), pieces.tokens().size() + random.nextInt(2 * STRETCH)));
            }
            if (run.state() instanceof RunState.Training) {
                run.step();
            }
            if (run.cursor().step() > 0 && random.nextInt(10) == 0) {
                Checkpoint checkpoint = run.checkpoint().orElseThrow();
                run.close();
                run = TrainingRun.resume(pieces, Checkpoint.read(checkpoint.write()), engines);
            }
        }

        // Then
        Checkpoint interrupted = run.checkpoint().orElseThrow();
        run.close();
        assertThat(Sha256.of(interrupted.write())).isEqualTo(Sha256.of(alone.write()));
        assertThat(interrupted.vocabulary().entries()).contains("河", "🖋");
    }

    @Test
    void everyTokenThatFillsAStretchIsTrainedOnOnce() {
        // Given
        GrowingText text = new GrowingText(7 * STRETCH + 40);
        Corpus corpus = text.corpus();
        text.arrive(corpus, text.length());

        // When
        Checkpoint checkpoint = drained(TrainingRun.begin(corpus, settings(Cell.GRU, OptimizerRule.SGD), engines));

        // Then
        assertThat(checkpoint.cursor().tokensTrained()).isEqualTo(7 * STRETCH);
        assertThat(checkpoint.cursor().epochTokens()).isEqualTo(7 * STRETCH);
        assertThat(checkpoint.cursor().epoch()).isEqualTo(7);
        assertThat(checkpoint.history()).hasSize(1);
    }

    @Test
    void theOrderOfTheStreamMatters() {
        // Given a text, and the same tokens in another order: two of its stretches are swapped
        GrowingText text = new GrowingText(4 * STRETCH + 1);
        Corpus inOrder = text.corpus();
        text.arrive(inOrder, text.length());
        int[] ids = new int[text.length()];
        for (int i = 0; i < ids.length; i++) {
            int from = i / STRETCH == 1 ? i + STRETCH : i / STRETCH == 2 ? i - STRETCH : i;
            ids[i] = inOrder.tokens().id(from);
        }
        Corpus shuffled = text.corpus();
        shuffled.append(inOrder.vocabulary(inOrder.vocabularySize()).entries(), ids);

        // When
        Checkpoint one = drained(TrainingRun.begin(inOrder, settings(Cell.GRU, OptimizerRule.SGD), engines));
        Checkpoint other = drained(TrainingRun.begin(shuffled, settings(Cell.GRU, OptimizerRule.SGD), engines));

        // Then
        assertThat(other.cursor().tokensTrained()).isEqualTo(one.cursor().tokensTrained());
        assertThat(other.weightsSha256()).isNotEqualTo(one.weightsSha256());
    }

    @Test
    void theTailOfARecordThatIsSplitOverTwoStretchesIsNotLost() {
        // Given records that end in the middle of a stretch, and a checkpoint in the middle of each record
        GrowingText text = new GrowingText(3 * STRETCH + 1);
        Corpus whole = text.corpus();
        text.arrive(whole, text.length());
        Checkpoint alone = drained(TrainingRun.begin(whole, settings(Cell.LSTM, OptimizerRule.ADAM), engines));
        Corpus records = text.corpus();
        TrainingRun run = TrainingRun.begin(records, settings(Cell.LSTM, OptimizerRule.ADAM), engines);

        // When
        for (long end : new long[] {STRETCH + STRETCH / 2, 2 * STRETCH + STRETCH / 3, text.length()}) {
            text.arrive(records, end);
            while (run.state() instanceof RunState.Training) {
                run.step();
            }
            Checkpoint checkpoint = run.checkpoint().orElseThrow();
            run.close();
            run = TrainingRun.resume(records, Checkpoint.read(checkpoint.write()), engines);
        }

        // Then
        try (TrainingRun ended = run) {
            assertThat(ended.cursor().tokensTrained()).isEqualTo(3 * STRETCH);
            assertThat(ended.checkpoint().orElseThrow().weightsSha256()).isEqualTo(alone.weightsSha256());
        }
    }

    @Test
    void theLastTokensWaitForTheRestOfTheirStretch() {
        // Given a stretch, but not the target of its last token
        GrowingText text = new GrowingText(2 * STRETCH);
        Corpus corpus = text.corpus();
        text.arrive(corpus, STRETCH);
        try (TrainingRun run = TrainingRun.begin(corpus, settings(Cell.GRU, OptimizerRule.SGD), engines)) {
            assertThat(run.state())
                    .isInstanceOfSatisfying(RunState.Waiting.class, waiting -> assertThat(waiting.reason())
                            .contains("at least " + (STRETCH + 1)));

            // When it arrives
            text.arrive(corpus, STRETCH + 1);

            // Then
            assertThat(run.state()).isInstanceOf(RunState.Training.class);
            assertThat(run.epochsLeft()).isOne();
            while (run.state() instanceof RunState.Training) {
                run.step();
            }
            assertThat(run.cursor().epochTokens()).isEqualTo(STRETCH);
            assertThat(run.state()).isInstanceOf(RunState.Done.class);
            assertThat(run.epochsLeft()).isZero();
        }
    }

    @Test
    void continuesWhereEpochsEnded() {
        // Given a model of epochs over the first text
        GrowingText text = new GrowingText(10 * STRETCH + 1);
        Corpus corpus = text.corpus();
        text.arrive(corpus, 400);
        TrainingSettings online = settings(Cell.GRU, OptimizerRule.SGD);
        TrainingSettings epochs = new TrainingSettings(
                online.network(), SamplingSettings.of(Sampler.Method.RANDOM, 4, 9), online.optimizer(), 2, 7);
        try (TrainingRun run = TrainingRun.begin(corpus, epochs, engines)) {
            while (run.state() instanceof RunState.Training) {
                run.step();
            }

            // When the rest of the stream is trained on online
            run.adopt(online);
            text.arrive(corpus, text.length());
            while (run.state() instanceof RunState.Training) {
                run.step();
            }

            // Then what the epochs covered is not trained on again
            assertThat(run.cursor().epochTokens()).isEqualTo(400 + (text.length() - 1 - 400) / STRETCH * STRETCH);
            assertThat(run.checkpoint().orElseThrow().history()).hasSize(2);
        }
    }

    @Test
    void nothingIsHeldOutOfAStream() {
        // Given
        SamplingSettings online = SamplingSettings.of(Sampler.Method.ONLINE, 4, 9);

        // When, Then
        assertThatThrownBy(() -> online.withValidation(0.1))
                .hasMessageContaining("online sampling trains on each token as it arrives");
        assertThatThrownBy(() -> online.withMinFrequency(2))
                .hasMessageContaining("online sampling trains on each token as it arrives");
    }

    private static TrainingSettings settings(Cell cell, OptimizerRule rule) {
        return new TrainingSettings(
                NetworkSettings.of(cell, 16),
                SamplingSettings.of(Sampler.Method.ONLINE, 4, 9).withSegmentWindows(3),
                new OptimizerSettings(rule, rule == OptimizerRule.SGD ? 0.5 : 0.01, 1),
                1,
                7);
    }

    private static Checkpoint drained(TrainingRun run) {
        try (run) {
            while (run.state() instanceof RunState.Training) {
                run.step();
            }
            return run.checkpoint().orElseThrow();
        }
    }
}

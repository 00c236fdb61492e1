package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.languagemodel.EachEngine;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.corpus.KnownTokens;
import io.inkstream.languagemodel.corpus.TokenSource;
import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.languagemodel.decoding.Generation;
import io.inkstream.languagemodel.decoding.TeacherForcing;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@EachEngine
class TrainingRunTest {

    @Parameter
    EngineKind kind;

    private Engines engines;

    @BeforeEach
    void configure() {
        engines = EnginesUnderTest.with(kind);
    }

    @Test
    void theTokensThatAreLeftFallToZeroWithTheLastEpoch() {
        // Given
        TrainingSettings settings = settings(Cell.RNN_TANH, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 3);
        try (TrainingRun run = TrainingRun.begin(corpus(2_000, 12), settings, engines)) {
            assertThat(run.tokensLeft()).isEqualTo(6_000);

            // When
            while (run.state() instanceof RunState.Training) {
                long before = run.tokensLeft();
                run.step();

                // Then
                assertThat(run.tokensLeft()).isLessThan(before);
            }
            assertThat(run.tokensLeft()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RNN_TANH, SGD, SEQUENTIAL, 0, 1",
        "RNN_RELU, SGD, RANDOM, 0, 1",
        "GRU, ADAM, SEQUENTIAL, 6, 2",
        "LSTM, SGD, SEQUENTIAL, 0, 2",
        "LSTM, ADAM, RANDOM, 5, 1"
    })
    void resumesFromACheckpointToTheSameBits(
            Cell cell, OptimizerRule rule, Sampler.Method sampling, int embedding, int layers) {
        // Given
        Corpus corpus = corpus(2_000, 12);
        TrainingSettings settings = settings(cell, rule, sampling, embedding, layers, 3);
        Checkpoint alone = trained(TrainingRun.begin(corpus, settings, engines));

        // When it is stopped in the middle of an epoch, and again before the next checkpoint interval
        Checkpoint interrupted = afterSteps(TrainingRun.begin(corpus, settings, engines), 4);
        assertThat(interrupted.cursor().insideEpoch()).isTrue();
        Checkpoint again = afterSteps(TrainingRun.resume(corpus, reread(interrupted), engines), 7);
        Checkpoint resumed = trained(TrainingRun.resume(corpus, reread(again), engines));

        // Then
        assertThat(resumed.weightsSha256()).isEqualTo(alone.weightsSha256());
        assertThat(Sha256.of(resumed.write())).isEqualTo(Sha256.of(alone.write()));
    }

    private static Stream<TrainingSettings> unusualSettings() {
        NetworkSettings gru = NetworkSettings.of(Cell.GRU, 16);
        SamplingSettings sequential = SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9);
        OptimizerSettings adam = new OptimizerSettings(OptimizerRule.ADAM, 0.01, 1);
        OptimizerSettings sgdUnclipped = new OptimizerSettings(OptimizerRule.SGD, 0.1, 0);
        return Stream.of(
                new TrainingSettings(gru.with(Initialization.KERAS), sequential.withMinFrequency(160), adam, 3, 7),
                new TrainingSettings(gru, sequential.withGradientWindows(3), adam, 3, 7),
                new TrainingSettings(gru, sequential.withValidation(0.1), adam, 3, 7),
                new TrainingSettings(gru, SamplingSettings.of(Sampler.Method.PAIRS, 4, 9), adam, 3, 7),
                new TrainingSettings(
                        NetworkSettings.of(Cell.RNN_RELU, 16).with(2, 6),
                        SamplingSettings.of(Sampler.Method.RANDOM, 4, 9).withValidation(0.1),
                        sgdUnclipped,
                        3,
                        7),
                new TrainingSettings(
                        NetworkSettings.of(Cell.LSTM, 16).with(2, 0),
                        SamplingSettings.of(Sampler.Method.PAIRS, 4, 9),
                        sgdUnclipped,
                        3,
                        7),
                new TrainingSettings(
                        NetworkSettings.of(Cell.RNN_TANH, 12)
                                .with(Output.HIDDEN)
                                .with(Initialization.NORMAL),
                        sequential.withMaxTokens(1_500),
                        adam,
                        3,
                        7),
                new TrainingSettings(
                        NetworkSettings.of(Cell.LSTM, 16).with(2, 6),
                        SamplingSettings.of(Sampler.Method.ONLINE, 2, 9).withSegmentWindows(3),
                        adam,
                        3,
                        7));
    }

    @ParameterizedTest
    @MethodSource("unusualSettings")
    void resumesFromAnyStepToTheSameBits(TrainingSettings settings) {
        requireTheSameBitsFrom(IntStream.of(20, 51, 70), settings);
    }

    @ParameterizedTest
    @MethodSource("unusualSettings")
    @Tag("full")
    void resumesFromManyStepsToTheSameBits(TrainingSettings settings) {
        requireTheSameBitsFrom(IntStream.iterate(1, steps -> steps <= 70, steps -> steps + 3), settings);
    }

    private void requireTheSameBitsFrom(IntStream stops, TrainingSettings settings) {
        // Given
        Corpus corpus = corpus(2_000, 12);
        Checkpoint alone = trained(TrainingRun.begin(corpus, settings, engines));

        // When it is stopped after that many steps, those that evaluate held-out text included
        stops.forEach(steps -> {
            Checkpoint interrupted = afterSteps(TrainingRun.begin(corpus, settings, engines), steps);
            Checkpoint resumed = trained(TrainingRun.resume(corpus, reread(interrupted), engines));

            // Then
            assertThat(Sha256.of(resumed.write()))
                    .as("stopped after %d steps", steps)
                    .isEqualTo(Sha256.of(alone.write()));
        });
    }

    @Test
    void evaluatesTheHeldOutTextWithoutTrainingOnIt() {
        // Given
        Corpus corpus = corpus(2_000, 12);
        TrainingSettings settings = settings(Cell.GRU, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 2);
        TrainingSettings heldOut = new TrainingSettings(
                settings.network(), settings.sampling().withValidation(0.1), settings.optimizer(), 2, 7);
        TrainingSettings shorter = new TrainingSettings(
                settings.network(), settings.sampling().withMaxTokens(1_800), settings.optimizer(), 2, 7);

        // When
        Checkpoint measured = trained(TrainingRun.begin(corpus, heldOut, engines));
        Checkpoint notMeasured = trained(TrainingRun.begin(corpus, shorter, engines));

        // Then the same text was trained on, in the same way
        assertThat(measured.weightsSha256()).isEqualTo(notMeasured.weightsSha256());
        assertThat(measured.cursor().epochTokens()).isEqualTo(1_800);
        assertThat(measured.cursor().heldOut()).isEqualTo(200);
        assertThat(measured.cursor().tokensTrained())
                .isEqualTo(notMeasured.cursor().tokensTrained());

        // Then the perplexity is that of the current weights
        assertThat(measured.cursor().validationPerplexity())
                .isEqualTo(Evaluation.perplexity(measured, section(corpus, 1_800, 2_000), 4, 9, engines.configured()));
        assertThat(notMeasured.cursor().validationPerplexity()).isNaN();
    }

    @Test
    void evaluatesLikeTheDecoder() {
        // Given a network, and text that fits into one lane
        Corpus corpus = corpus(1_000, 12);
        Checkpoint checkpoint = trained(TrainingRun.begin(
                corpus, settings(Cell.LSTM, OptimizerRule.ADAM, Sampler.Method.SEQUENTIAL, 5, 2, 3), engines));
        TokenSource text = section(corpus, 100, 170);

        // When
        double evaluated = Evaluation.perplexity(checkpoint, text, 32, 9, engines.configured());

        // Then
        Decoder decoder =
                new Decoder(checkpoint.shape(), checkpoint.parameters(), checkpoint.vocabulary(), checkpoint.reading());
        assertThat(evaluated).isCloseTo(TeacherForcing.perplexity(decoder, text), Percentage.withPercentage(0.001));
    }

    @Test
    void aHiddenStateThatIsTheLogitsMustFitTheText() {
        // Given
        Corpus corpus = corpus(1_000, 5);
        TrainingSettings misfit = new TrainingSettings(
                NetworkSettings.of(Cell.RNN_TANH, 4).with(Output.HIDDEN),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9),
                new OptimizerSettings(OptimizerRule.ADAM, 0.1, 0),
                1,
                1);

        // When
        try (TrainingRun run = TrainingRun.begin(corpus, misfit, engines)) {
            assertThat(run.step()).isEmpty();

            // Then
            assertThat(run.state()).isInstanceOfSatisfying(RunState.Failed.class, failed -> assertThat(failed.error())
                    .isEqualTo("with the hidden state as logits there must be as many hidden units as tokens: "
                            + "5, not 4: use --hidden 5, or a linear output"));
            assertThat(run.checkpoint()).isEmpty();
        }
    }

    @Test
    void failsWhenTheCheckpointHasAnotherVocabulary() {
        // Given a model of one text, and another text
        TrainingSettings settings = settings(Cell.GRU, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 1);
        Checkpoint model = trained(TrainingRun.begin(corpus(1_000, 5), settings, engines));
        Corpus other = new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
        other.append(List.of("v", "w", "x", "y", "z"), ids(2_000, 1, 6));

        // When
        try (TrainingRun run = TrainingRun.resume(other, model, engines)) {
            assertThat(run.step()).isEmpty();

            // Then
            assertThat(run.state()).isInstanceOfSatisfying(RunState.Failed.class, failed -> assertThat(failed.error())
                    .contains("another vocabulary")
                    .endsWith("train the text under another name"));
        }
    }

    @Test
    void coversTextThatArrivesLaterInTheNextEpoch() {
        // Given
        Corpus corpus = corpus(1_000, 5);
        TrainingSettings settings = settings(Cell.GRU, OptimizerRule.ADAM, Sampler.Method.SEQUENTIAL, 0, 1, 2);
        try (TrainingRun run = TrainingRun.begin(corpus, settings, engines)) {
            run.step();
            assertThat(run.vocabularySize()).isEqualTo(6);

            // When
            corpus.append(List.of("x", "y"), ids(500, 6, 8));

            // Then the current epoch is not affected
            CompletedEpoch first = untilEpochEnds(run);
            assertThat(first.cursor().epochTokens()).isEqualTo(1_000);
            assertThat(first.vocabulary()).isEqualTo(6);

            // And the next one covers all, and the count of epochs restarts
            assertThat(run.epochsLeft()).isEqualTo(2);
            CompletedEpoch second = untilEpochEnds(run);
            assertThat(second.cursor().epochTokens()).isEqualTo(1_500);
            assertThat(second.vocabulary()).isEqualTo(8);
            assertThat(second.epochsLeft()).isEqualTo(1);
            assertThat(run.checkpoint().orElseThrow().history())
                    .extracting(Span::tokens)
                    .containsExactly(1_000L, 1_500L);
        }
    }

    @Test
    void anEpochReportsTheLossOfEachStep() {
        // Given an interrupted epoch with more steps than are batched on the device
        Corpus corpus = corpus(12_000, 5);
        TrainingSettings settings = settings(Cell.GRU, OptimizerRule.ADAM, Sampler.Method.RANDOM, 0, 1, 2);
        Checkpoint midway = afterSteps(TrainingRun.begin(corpus, settings, engines), 300);

        // When
        CompletedEpoch through;
        CompletedEpoch interrupted;
        try (TrainingRun run = TrainingRun.begin(corpus, settings, engines)) {
            through = untilEpochEnds(run);
        }
        try (TrainingRun run = TrainingRun.resume(corpus, reread(midway), engines)) {
            interrupted = untilEpochEnds(run);
        }

        // Then
        float[] losses = through.stepLosses().values();
        assertThat(losses).hasSize(Math.toIntExact(through.cursor().step()));
        double sum = 0;
        for (float loss : losses) {
            sum += loss;
        }
        assertThat(Math.exp(sum / losses.length)).isCloseTo(through.cursor().perplexity(), within(1e-6));
        assertThat(interrupted).isEqualTo(through);
        assertThat(midway.network().stepLosses().values()).isEqualTo(Arrays.copyOf(losses, 300));
    }

    @Test
    void growthKeepsThePredictionsForKnownTokens() {
        // Given
        Corpus corpus = corpus(1_000, 5);
        TrainingSettings settings = settings(Cell.LSTM, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 2);
        Checkpoint small = afterSteps(TrainingRun.begin(corpus, settings, engines), 3);

        // When
        NetworkState grown = small.network().grownTo(9, Initialization.PYTORCH, settings.seed());

        // Then
        int hidden = settings.network().hidden();
        float[] before = small.parameters().get("linear.weight").values();
        float[] after = grown.parameters().get("linear.weight").values();
        assertThat(Arrays.copyOf(after, 6 * hidden)).isEqualTo(before);
        NetworkState fromTheStart = NetworkState.initial(settings.shape(9), Initialization.PYTORCH, settings.seed());
        assertThat(Arrays.copyOfRange(after, 6 * hidden, 9 * hidden))
                .as("new rows are those of a network that knew the tokens from the start")
                .isEqualTo(Arrays.copyOfRange(
                        fromTheStart.parameters().get("linear.weight").values(), 6 * hidden, 9 * hidden));
    }

    @Test
    void waitsForEnoughText() {
        // Given
        Corpus corpus = corpus(10, 3);
        TrainingSettings settings = settings(Cell.GRU, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 1);

        // When
        try (TrainingRun run = TrainingRun.begin(corpus, settings, engines)) {
            // Then
            assertThat(run.state())
                    .isInstanceOfSatisfying(RunState.Waiting.class, waiting -> assertThat(waiting.reason())
                            .contains("at least 46 tokens")
                            .contains("there are 10"));
            assertThat(run.checkpoint()).isEmpty();
        }
    }

    @Test
    void isDoneUntilMoreEpochsAreRequested() {
        // Given
        Corpus corpus = corpus(500, 3);
        TrainingSettings one = settings(Cell.RNN_TANH, OptimizerRule.SGD, Sampler.Method.RANDOM, 0, 1, 1);
        TrainingSettings three = settings(Cell.RNN_TANH, OptimizerRule.SGD, Sampler.Method.RANDOM, 0, 1, 3);
        try (TrainingRun run = TrainingRun.begin(corpus, one, engines)) {
            untilEpochEnds(run);
            assertThat(run.state()).isInstanceOf(RunState.Done.class);

            // When
            run.adopt(three);

            // Then
            assertThat(run.state()).isInstanceOf(RunState.Training.class);
            assertThat(run.epochsLeft()).isEqualTo(2);
        }
    }

    @Test
    void reportsThatTheLossDiverged() {
        // Given
        Corpus corpus = corpus(2_000, 12);
        TrainingSettings wild = new TrainingSettings(
                NetworkSettings.of(Cell.RNN_RELU, 16),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9),
                new OptimizerSettings(OptimizerRule.SGD, 1e6, 0),
                50,
                1);
        try (TrainingRun run = TrainingRun.begin(corpus, wild, engines)) {
            // When
            while (run.state() instanceof RunState.Training) {
                run.step();
            }

            // Then
            assertThat(run.state()).isInstanceOfSatisfying(RunState.Failed.class, failed -> assertThat(failed.error())
                    .contains("lower the learning rate (1000000.0) or clip the gradient"));
            assertThat(run.checkpoint()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(OptimizerRule.class)
    void weightsThatAreNotFiniteAreNotWritten(OptimizerRule rule) {
        // Given an epoch of one step: its loss is that of the initial weights, which the step makes overflow
        Corpus corpus = corpus(60, 5);
        TrainingSettings wild = new TrainingSettings(
                NetworkSettings.of(Cell.GRU, 16),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 9),
                new OptimizerSettings(rule, 1e300, 1),
                1,
                1);
        try (TrainingRun run = TrainingRun.begin(corpus, wild, engines)) {
            // When
            CompletedEpoch epoch = untilEpochEnds(run);

            // Then the loss is finite, but the weights are not
            assertThat(epoch.cursor().perplexity()).isFinite();
            assertThat(run.checkpoint()).isEmpty();
            assertThat(run.state()).isInstanceOfSatisfying(RunState.Failed.class, failed -> assertThat(failed.error())
                    .startsWith("training diverged (")
                    .contains("after step 1", "the last checkpoint before that is kept")
                    .endsWith("lower the learning rate (1.0E300) or the clipping norm"));
            assertThat(run.diverged()).isTrue();
        }
    }

    @Test
    void otherSettingsDoNotReviveARunThatDiverged() {
        // Given
        TrainingSettings settings = settings(Cell.GRU, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 2);
        TrainingSettings wild = new TrainingSettings(
                settings.network(),
                settings.sampling(),
                new OptimizerSettings(OptimizerRule.SGD, 1e300, 1),
                2,
                settings.seed());
        try (TrainingRun run = TrainingRun.begin(corpus(60, 5), wild, engines)) {
            run.step();
            assertThat(run.checkpoint()).isEmpty();

            // When
            run.adopt(settings);

            // Then it stays failed: training has to resume from a checkpoint
            assertThat(run.state()).isInstanceOf(RunState.Failed.class);
        }
    }

    @Test
    void readsRareTokensAsUnknown() {
        // Given a corpus in which the ids 2 and 3 appear once
        Corpus corpus = new Corpus(Reading.of(Tokenizer.WORDS, Normalizer.VERBATIM));
        int[] ids = new int[200];
        Arrays.fill(ids, 1);
        ids[100] = 2;
        ids[150] = 3;
        corpus.append(List.of("often", "once", "one"), ids);
        TrainingSettings settings = new TrainingSettings(
                NetworkSettings.of(Cell.GRU, 8),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 2, 5).withMinFrequency(2),
                new OptimizerSettings(OptimizerRule.SGD, 1, 1),
                1,
                1);

        // When
        Checkpoint checkpoint = trained(TrainingRun.begin(corpus, settings, engines));

        // Then their inputs were never trained
        float[] before = NetworkState.initial(settings.shape(4), Initialization.PYTORCH, 1)
                .parameters()
                .get("rnn.weight_ih_l0")
                .values();
        float[] after = checkpoint.parameters().get("rnn.weight_ih_l0").values();
        for (int row = 0; row < 24; row++) {
            assertThat(after[row * 4 + 2]).isEqualTo(before[row * 4 + 2]);
            assertThat(after[row * 4 + 3]).isEqualTo(before[row * 4 + 3]);
        }
        assertThat(after).isNotEqualTo(before);

        // Then the number of such tokens is reported
        try (TrainingRun run = TrainingRun.begin(corpus, settings, engines)) {
            assertThat(untilEpochEnds(run).unknownTokens()).isEqualTo(2);
            assertThat(run.unknownTokens()).isEqualTo(2);
        }
    }

    @Test
    void knowsReservedTokensHoweverRareTheyAre() {
        // Given a corpus in which the first of two reserved tokens appears once, like the token with id 4
        Corpus corpus = new Corpus(new Reading(Tokenizer.WORDS, Normalizer.VERBATIM, false, List.of("<eos>", "<pad>")));
        int[] ids = new int[200];
        Arrays.fill(ids, 3);
        ids[100] = 1;
        ids[150] = 4;
        corpus.append(List.of("<eos>", "<pad>", "often", "once"), ids);
        TrainingSettings settings = new TrainingSettings(
                NetworkSettings.of(Cell.GRU, 8),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 2, 5).withMinFrequency(2),
                new OptimizerSettings(OptimizerRule.SGD, 1, 1),
                1,
                1);

        // When
        try (TrainingRun run = TrainingRun.begin(corpus, settings, engines)) {
            untilEpochEnds(run);

            // Then
            assertThat(run.unknownTokens()).isEqualTo(1);
        }
    }

    @Test
    void aModelKnowsReservedTokensThatItsTextDoesNotContain() {
        // Given text of reserved tokens alone, and of the first of them only
        Corpus corpus =
                new Corpus(new Reading(Tokenizer.WORDS, Normalizer.VERBATIM, true, List.of("<eos>", "<pad>", "<bos>")));
        int[] ids = new int[200];
        Arrays.fill(ids, 1);
        corpus.append(List.of("<eos>", "<pad>", "<bos>"), ids);
        TrainingSettings settings = settings(Cell.GRU, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 1);

        // When
        Checkpoint checkpoint = Checkpoint.read(
                trained(TrainingRun.begin(corpus, settings, engines)).write());

        // Then
        assertThat(checkpoint.vocabulary().entries()).containsExactly("<eos>", "<pad>", "<bos>");
        assertThat(checkpoint.reading()).isEqualTo(corpus.reading());
    }

    @Test
    void anotherNetworkIsAnotherModel() {
        // Given
        TrainingSettings gru = settings(Cell.GRU, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 1);
        TrainingSettings lstm = settings(Cell.LSTM, OptimizerRule.SGD, Sampler.Method.SEQUENTIAL, 0, 1, 1);

        // When, Then
        try (TrainingRun run = TrainingRun.begin(corpus(500, 3), gru, engines)) {
            assertThatThrownBy(() -> run.adopt(lstm)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("io.inkstream.languagemodel.EnginesUnderTest#kinds")
    void anotherEngineIsUsedFromTheNextEpochWhetherOrNotItIsInterrupted(EngineKind other) {
        // Given a model in the middle of its first epoch, and a trainer with another engine or number of threads
        Corpus corpus = corpus(2_000, 12);
        TrainingSettings settings = settings(Cell.GRU, OptimizerRule.ADAM, Sampler.Method.SEQUENTIAL, 0, 1, 3);
        Checkpoint begun = afterSteps(TrainingRun.begin(corpus, settings, engines), 4);
        Engines others = EnginesUnderTest.with(other, 2);

        // When
        Checkpoint sameEpoch = afterSteps(TrainingRun.resume(corpus, reread(begun), others), 2);
        Checkpoint alone = trained(TrainingRun.resume(corpus, reread(begun), others));
        Checkpoint nextEpoch = afterSteps(TrainingRun.resume(corpus, reread(begun), others), 60);
        Checkpoint resumed = trained(TrainingRun.resume(corpus, reread(nextEpoch), others));

        // Then the epoch under way is finished as it began
        assertThat(sameEpoch.engine()).isEqualTo(kind);
        assertThat(sameEpoch.threads()).isEqualTo(begun.threads());
        assertThat(sameEpoch.history()).isEqualTo(begun.history());

        // Then later ones are computed by the other, and resuming them changes nothing
        assertThat(nextEpoch.cursor().insideEpoch()).isTrue();
        assertThat(nextEpoch.cursor().epoch()).isOne();
        assertThat(nextEpoch.engine()).isEqualTo(other);
        assertThat(nextEpoch.threads()).isEqualTo(others.configured().threads());
        assertThat(alone.history())
                .extracting(span -> span.engine().orElseThrow())
                .startsWith(kind)
                .endsWith(other);
        assertThat(Sha256.of(resumed.write())).isEqualTo(Sha256.of(alone.write()));
    }

    @Test
    void aModelThatIsNotTrainedAnyMoreKeepsItsCheckpoint() {
        // Given
        Corpus corpus = corpus(500, 3);
        TrainingSettings settings = settings(Cell.LSTM, OptimizerRule.ADAM, Sampler.Method.RANDOM, 0, 1, 1);
        Checkpoint ended = trained(TrainingRun.begin(corpus, settings, engines));

        // When it is resumed, on a machine with other threads
        try (TrainingRun run = TrainingRun.resume(corpus, reread(ended), EnginesUnderTest.with(kind, 2))) {
            // Then
            assertThat(run.state()).isInstanceOf(RunState.Done.class);
            assertThat(Sha256.of(run.checkpoint().orElseThrow().write())).isEqualTo(Sha256.of(ended.write()));
        }
    }

    @Test
    void memorizesAText() {
        // Given
        String text = "the river carries the old press ".repeat(40);
        Corpus corpus = new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
        List<String> entries = new ArrayList<>();
        int[] ids = new int[text.length()];
        for (int i = 0; i < ids.length; i++) {
            String token = text.substring(i, i + 1);
            if (!entries.contains(token)) {
                entries.add(token);
            }
            ids[i] = entries.indexOf(token) + 1;
        }
        corpus.append(entries, ids);
        TrainingSettings settings = new TrainingSettings(
                NetworkSettings.of(Cell.GRU, 32),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 4, 16),
                new OptimizerSettings(OptimizerRule.ADAM, 0.02, 1),
                40,
                1);

        // When
        Checkpoint checkpoint = trained(TrainingRun.begin(corpus, settings, engines));

        // Then
        assertThat(checkpoint.cursor().perplexity()).isLessThan(1.2);
        Decoder decoder =
                new Decoder(checkpoint.shape(), checkpoint.parameters(), checkpoint.vocabulary(), checkpoint.reading());
        Generation generation = decoder.begin("the ", DecodingOptions.greedy(28));
        while (generation.state().isRunning()) {
            decoder.step(List.of(generation));
        }
        assertThat("the river carries the old press the old press")
                .contains("the " + generation.text().substring(0, 9));
    }

    private static TrainingSettings settings(
            Cell cell, OptimizerRule rule, Sampler.Method sampling, int embedding, int layers, int epochs) {
        double rate = rule == OptimizerRule.SGD ? 0.5 : 0.01;
        return new TrainingSettings(
                NetworkSettings.of(cell, 16).with(layers, embedding),
                SamplingSettings.of(sampling, 4, 9),
                new OptimizerSettings(rule, rate, 1),
                epochs,
                7);
    }

    /** Random tokens with the ids 1 to {@code letters}. */
    private static Corpus corpus(int tokens, int letters) {
        Corpus corpus = new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < letters; i++) {
            entries.add(String.valueOf((char) ('a' + i)));
        }
        corpus.append(entries, ids(tokens, 1, letters + 1));
        return corpus;
    }

    private static int[] ids(int tokens, int from, int to) {
        return new Random(3).ints(tokens, from, to).toArray();
    }

    private static TokenSource section(Corpus corpus, long from, long to) {
        return KnownTokens.of(corpus, 0, 1, corpus.vocabularySize()).section(corpus.tokens(), from, to);
    }

    private static Checkpoint reread(Checkpoint checkpoint) {
        return Checkpoint.read(checkpoint.write());
    }

    private static Checkpoint afterSteps(TrainingRun run, int steps) {
        try (run) {
            for (int i = 0; i < steps; i++) {
                run.step();
            }
            return run.checkpoint().orElseThrow();
        }
    }

    private static Checkpoint trained(TrainingRun run) {
        try (run) {
            while (run.state() instanceof RunState.Training) {
                run.step();
            }
            assertThat(run.state()).isInstanceOf(RunState.Done.class);
            return run.checkpoint().orElseThrow();
        }
    }

    private static CompletedEpoch untilEpochEnds(TrainingRun run) {
        while (true) {
            var epoch = run.step();
            if (epoch.isPresent()) {
                return epoch.get();
            }
        }
    }
}

package io.inkstream.lessons.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static final Preset RNN = Presets.named("time-machine-rnn").orElseThrow(); // at most 1.36
    private static final Preset HELLO = Presets.named("hello-cell").orElseThrow();
    private static final Preset WORDS = Presets.named("war-of-the-worlds-words").orElseThrow();

    @Test
    void theMedianCountsNotTheWorstSeed() {
        assertThat(Runs.outcome(RNN, Runs.of(1, 1.30), Runs.of(2, 1.36), Runs.of(3, 1.50))
                        .verdict())
                .isEqualTo(Verdict.KEPT);
        assertThat(Runs.outcome(RNN, Runs.of(1, 1.30), Runs.of(2, 1.37), Runs.of(3, 1.38))
                        .verdict())
                .isEqualTo(Verdict.MISSED);
        assertThat(Runs.outcome(RNN, Runs.of(1, 1.35), Runs.of(2, 1.38)).verdict())
                .as("the median of two is the mean of the two")
                .isEqualTo(Verdict.MISSED);
    }

    @Test
    void aPerplexityThatIsNotANumberIsTheWorst() {
        assertThat(Runs.outcome(RNN, Runs.of(1, null), Runs.of(2, 1.2), Runs.of(3, 1.3))
                        .verdict())
                .isEqualTo(Verdict.KEPT);
        assertThat(Runs.outcome(RNN, Runs.of(1, null), Runs.of(2, null), Runs.of(3, 1.3))
                        .verdict())
                .isEqualTo(Verdict.MISSED);
        assertThat(Runs.outcome(RNN, Runs.of(1, null)).verdict()).isEqualTo(Verdict.MISSED);
    }

    @Test
    void theShareOfTheSeedsThatGiveTheAnswerCounts() {
        assertThat(answered(60, 100).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(answered(59, 100).verdict()).isEqualTo(Verdict.MISSED);
        assertThat(answered(120, 200).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(answered(119, 200).verdict()).isEqualTo(Verdict.MISSED);
        assertThat(HELLO.expectation().right(answered(60, 100).runs())).isEqualTo(60);
    }

    @Test
    void aShareOfFewSeedsIsNotJudged() {
        assertThat(answered(99, 99).verdict()).isEqualTo(Verdict.NOT_JUDGED);
        assertThat(answered(0, 3).verdict()).isEqualTo(Verdict.NOT_JUDGED);
        assertThat(new Outcome(HELLO, true, answered(0, 3).runs(), Optional.of("No room left.")).verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void nothingIsAskedThatPyTorchMisses() {
        Expectation most = Expectation.perplexityAtMost(1.53);
        assertThat(most.isKeptBy(PeerFigure.perplexity("1.53"))).isTrue();
        assertThat(most.isKeptBy(PeerFigure.perplexity("1.67", "1.61", "1.68"))).isFalse();
        assertThat(most.isKeptBy(PeerFigure.unknown())).isTrue();
        assertThat(most.isKeptBy(PeerFigure.answers(200, 200)))
                .as("another kind of figure")
                .isFalse();
        Expectation share = Expectation.answer("ohlol", 73, 100);
        assertThat(share.isKeptBy(PeerFigure.answers(146, 200))).isTrue();
        assertThat(share.isKeptBy(PeerFigure.answers(145, 200))).isFalse();
        assertThatThrownBy(() -> new Preset(
                        RNN.name(),
                        RNN.description(),
                        RNN.text(),
                        RNN.reading(),
                        RNN.training(),
                        RNN.published(),
                        PeerFigure.perplexity("1.37"),
                        RNN.prefixes(),
                        RNN.completionTokens(),
                        RNN.expectation()))
                .hasMessage("Of a preset, nothing must be asked that PyTorch misses");
    }

    @Test
    void aModelThatOnlyGuessesHasLearnedNothing() {
        // The vocabulary of these runs has 28 tokens.
        assertThat(Runs.outcome(WORDS, Runs.of(1, 27.9)).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(Runs.outcome(WORDS, Runs.of(1, 28.0)).verdict()).isEqualTo(Verdict.MISSED);
        assertThat(Runs.outcome(WORDS, Runs.of(1, null)).verdict()).isEqualTo(Verdict.MISSED);
    }

    @Test
    void whatIsTriedOutIsNotJudgedAndWhatFailedHasFailed() {
        assertThat(new Outcome(RNN, false, List.of(Runs.of(1, 17.0)), Optional.empty()).verdict())
                .isEqualTo(Verdict.NOT_JUDGED);
        assertThat(new Outcome(RNN, false, List.of(), Optional.of("No room left.")).verdict())
                .isEqualTo(Verdict.FAILED);
        assertThatThrownBy(() -> new Outcome(RNN, true, List.of(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTypicalRunIsTheOneInTheMiddle() {
        assertThat(Runs.outcome(RNN, Runs.of(1, 1.4), Runs.of(2, 1.2), Runs.of(3, 1.3))
                        .typical()
                        .orElseThrow()
                        .seed())
                .isEqualTo(3);
        assertThat(Runs.outcome(RNN, Runs.of(1, null), Runs.of(2, 1.3))
                        .typical()
                        .orElseThrow()
                        .seed())
                .isEqualTo(2);
    }

    private static Outcome answered(int right, int seeds) {
        SeedRun[] runs = IntStream.rangeClosed(1, seeds)
                .mapToObj(seed -> seed <= right
                        ? Runs.of(seed, 1.7, "o", "h", "l", "o", "l")
                        : Runs.of(seed, 1.5, "o", "h", "l", "l", "l"))
                .toArray(SeedRun[]::new);
        return Runs.outcome(HELLO, runs);
    }

    @Test
    void aSpreadHasTheMedianAndTheExtremes() {
        assertThat(Spread.of(List.of(1.4, 1.2, 1.3))).isEqualTo(new Spread(1.3, 1.2, 1.4));
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(2.5, 1, 4));
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}

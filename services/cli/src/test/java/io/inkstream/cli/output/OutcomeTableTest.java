package io.inkstream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.Preset;
import io.inkstream.lessons.presets.Presets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeTableTest {

    private static final Outcome RNN = Runs.outcome(
            preset("time-machine-rnn"),
            Runs.of(1, 1.306, " held in", " his"),
            Runs.of(2, 1.264, " of a", " hand"),
            Runs.of(3, 1.377, " was\nit", " a"));
    private static final Outcome HELLO = Runs.outcome(
            preset("hello-cell"),
            Runs.of(1, 1.767, "l", "h", "l", "o", "l"),
            Runs.of(2, 1.673, "o", "h", "l", "o", "l"),
            Runs.of(3, 1.504, "o", "h", "l", "o", "l"));
    private static final Outcome RANDOM =
            Runs.outcome(preset("time-machine-rnn-random"), Runs.of(1, 1.77, " held in", " his"));
    private static final Outcome FAILED =
            new Outcome(preset("time-machine-gru"), true, List.of(), Optional.of("The disk is full."));

    @Test
    void putsOursBesideWhatWasPublished() {
        assertThat(OutcomeTable.figures(List.of(RNN, RANDOM, HELLO, FAILED)))
                .containsExactly(
                        "PRESET                   PUBLISHED   PYTORCH           OURS                 ASKED        TOKENS/S  VERDICT",
                        "time-machine-rnn         1.3         1.30              1.306 (1.264–1.377)  ≤ 1.36          2,000  kept",
                        "time-machine-rnn-random  1.4 to 1.5  1.67 (1.61–1.68)  1.770                ≤ 1.76          1,000  missed",
                        "hello-cell               ohlol       146 of 200        2 of 3               ≥ 60 of 100     2,000  not judged",
                        "time-machine-gru         1.0 to 1.1  1.04              –                    ≤ 1.09              -  failed");
    }

    @Test
    void showsTheCompletionsOfTheSeedInTheMiddle() {
        assertThat(OutcomeTable.completions(List.of(RNN, FAILED)))
                .containsExactly(
                        "time-machine-rnn, seed 1",
                        "  published  time travellerit soupthat un the omung of opradid to the neot mo",
                        "  ours       time traveller held in",
                        "  published  travelleri byece jesit whour ha sove tinced whe hivess the ",
                        "  ours       time traveller his",
                        "time-machine-gru: The disk is full.");
    }

    @Test
    void showsHowOftenEachAnswerCame() {
        assertThat(OutcomeTable.completions(List.of(HELLO)))
                .containsExactly("hello-cell", "     2 × ohlol", "     1 × lhlol");
    }

    @Test
    void showsHowManyWordsAreUnknown() {
        // Given
        Outcome words = Runs.outcome(preset("war-of-the-worlds-words"), Runs.of(1, 12.0, " need", "\nhad"));

        // When
        List<String> lines = OutcomeTable.completions(List.of(words));

        // Then
        assertThat(lines)
                .contains("  520 of the 10,000 tokens of an epoch (5.2 %) read as <unk>", "  published  –")
                .contains("  ours       time traveller⏎had");
    }

    @Test
    void namesThePresetsThatMiss() {
        assertThat(MissedPresets.sentence(List.of(RNN, HELLO))).isEmpty();
        assertThat(MissedPresets.sentence(List.of(RNN, RANDOM)))
                .contains(
                        "One preset does not meet its requirement: time-machine-rnn-random has 1.770, asked: ≤ 1.76 (PyTorch: 1.67 (1.61–1.68)).");
        assertThat(MissedPresets.sentence(List.of(RANDOM, FAILED)).orElseThrow())
                .startsWith("2 presets do not meet their requirements: time-machine-rnn-random")
                .endsWith("; time-machine-gru did not complete.");
    }

    private static Preset preset(String name) {
        return Presets.named(name).orElseThrow();
    }
}

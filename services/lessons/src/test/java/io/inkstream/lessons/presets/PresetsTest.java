package io.inkstream.lessons.presets;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.TextReader;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenizerKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresetsTest {

    @Test
    void holdsEveryPublishedResultOnceAndInOrder() {
        assertThat(Presets.all().stream().map(Preset::name))
                .containsExactly(
                        "time-machine-rnn",
                        "time-machine-rnn-random",
                        "time-machine-scratch",
                        "time-machine-scratch-random",
                        "time-machine-gru",
                        "time-machine-lstm",
                        "war-of-the-worlds",
                        "chinese-poems",
                        "hello-cell",
                        "hello-rnn",
                        "hello-embedding",
                        "war-of-the-worlds-words");
        Presets.all().forEach(preset -> assertThat(Presets.named(preset.name())).contains(preset));
        assertThat(Presets.named("time-machine")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void hasSettingsThatTheTrainerTakes(Preset preset) {
        // When
        TrainingSettings settings = SpecConversion.settings(preset.training());

        // Then
        assertThat(settings.epochs()).isPositive();
        assertThat(settings.sampling().validation())
                .as("published figures are of all the text")
                .isZero();
        assertThat(settings.sampling().gradientWindows()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void asksForAsMuchAsWasPublished(Preset preset) {
        boolean words = preset.reading().getTokenizer() == TokenizerKind.WORDS;
        for (Prefix prefix : preset.prefixes()) {
            prefix.published().ifPresent(text -> assertThat(text.codePointCount(0, text.length()))
                    .as("what was published after '%s'", prefix.text())
                    .isEqualTo(preset.completionTokens()));
            assertThat(words && prefix.published().isPresent()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void prefixesUseCharactersThatTheModelLearns(Preset preset) {
        // Given
        TextReader reader = new TextReader(Reading.of(
                Tokenizer.CHARACTERS,
                Normalizer.valueOf(preset.reading().getNormalizer().name())));

        // Then
        preset.prefixes().forEach(prefix -> assertThat(
                        reader.normalize(prefix.text(), true).strip())
                .isEqualTo(prefix.text()));
    }

    @ParameterizedTest
    @MethodSource("hello")
    void theLessonOnHelloIsOneWindowOfFivePairs(Preset preset) {
        // Given
        String text = ((OwnText) preset.text()).words();

        // When
        List<String> tokens =
                new TextReader(Reading.of(Tokenizer.CHARACTERS, Normalizer.TIME_MACHINE)).read(text, true);

        // Then
        assertThat(String.join("", tokens)).isEqualTo("hoehlllool");
        assertThat(preset.training().getSampling()).isEqualTo(SamplingKind.PAIRS);
        assertThat(tokens)
                .hasSize(2 * preset.training().getBatch() * preset.training().getWindow());
        if (preset.training().getOutput() == OutputKind.HIDDEN) {
            assertThat(tokens.stream().distinct()).hasSize(preset.training().getHidden());
        }
        assertThat(preset.prefixes().stream().map(Prefix::text)).containsExactly("h", "he", "hel", "hell", "hello");
        assertThat(preset.expectation().answer()).isEqualTo("ohlol");
    }

    static List<Preset> all() {
        return Presets.all();
    }

    static List<Preset> hello() {
        return Presets.all().stream()
                .filter(preset -> preset.text() instanceof OwnText)
                .toList();
    }
}

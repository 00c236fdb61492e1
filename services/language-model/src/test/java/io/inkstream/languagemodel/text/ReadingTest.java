package io.inkstream.languagemodel.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReadingTest {

    @ParameterizedTest
    @MethodSource
    void rejectsTokensThatCannotBeReserved(Tokenizer tokenizer, List<String> reserved, String message) {
        // When, Then
        assertThatThrownBy(() -> new Reading(tokenizer, Normalizer.VERBATIM, true, reserved))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> rejectsTokensThatCannotBeReserved() {
        return Stream.of(
                Arguments.of(
                        Tokenizer.BYTES,
                        List.of("<eos>"),
                        "A token of the tokenizer BYTES is one byte, so '<eos>' cannot be reserved"),
                Arguments.of(Tokenizer.CHARACTERS, List.of(""), "A reserved token must not be blank"),
                Arguments.of(Tokenizer.CHARACTERS, List.of("\u2003 "), "A reserved token must not be blank"),
                Arguments.of(Tokenizer.WORDS, List.of("a", "b", "a"), "The reserved token 'a' is listed twice"),
                Arguments.of(Tokenizer.WORDS, List.of("<unk>"), "<unk> always has the id 0 and need not be reserved"),
                Arguments.of(Tokenizer.WORDS, List.of("a\nb"), "A reserved token must not contain a line break"),
                Arguments.of(Tokenizer.WORDS, List.of("\uD83D"), "A reserved token contains half a surrogate pair"),
                Arguments.of(
                        Tokenizer.CHARACTERS,
                        List.of("e\u0301"),
                        "The reserved token 'e\u0301' is not in composed form (NFC), so text in this form never contains it"),
                Arguments.of(
                        Tokenizer.CHARACTERS,
                        List.of("é".repeat(500), "x"),
                        "The reserved tokens have 1001 bytes in all; the maximum is 1000"));
    }

    @Test
    void acceptsTokensThatCanBeReserved() {
        // When
        Reading reading = new Reading(
                Tokenizer.CHARACTERS, Normalizer.LETTERS, false, List.of("<eos>", " the", "e\u0301", "\uD83D\uDE00"));
        // Then
        assertThat(reading.description())
                .isEqualTo("the tokenizer CHARACTERS and the normalizer LETTERS, "
                        + "with the reserved tokens [<eos>,  the, e\u0301, \uD83D\uDE00]");
        assertThat(reading.unreachableTokens()).containsExactly("<eos>", "\uD83D\uDE00");
    }

    @Test
    void aVocabularyBeginsWithTheReservedTokens() {
        // Given
        Reading reading = new Reading(Tokenizer.WORDS, Normalizer.VERBATIM, false, List.of("<pad>", "<eos>"));
        // When, Then
        reading.check(new Vocabulary(List.of("<pad>", "<eos>", "a")));
        assertThatThrownBy(() -> reading.check(new Vocabulary(List.of("<eos>", "<pad>", "a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A vocabulary does not begin with its reserved tokens [<pad>, <eos>]");
        assertThatThrownBy(() -> reading.check(new Vocabulary(List.of("<pad>"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

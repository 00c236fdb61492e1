package io.inkstream.languagemodel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextReaderTest {

    private static final TextReader LETTERS = new TextReader(Reading.of(Tokenizer.CHARACTERS, Normalizer.LETTERS));
    private static final TextReader TIME_MACHINE =
            new TextReader(Reading.of(Tokenizer.CHARACTERS, Normalizer.TIME_MACHINE));
    private static final TextReader VERBATIM = new TextReader(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));

    @Test
    void lettersKeepsLettersOfAnyScriptAndJoinsLinesWithASpace() {
        // Given
        String text = "  Chapter 2 -- “The Éléphant’s”\n\n***\nДОМ 李白!\n";
        // When
        String normalized = LETTERS.normalize(text, true);
        // Then
        assertThat(normalized).isEqualTo("chapter the éléphant s дом 李白");
    }

    @Test
    void timeMachineKeepsAToZAndJoinsLinesDirectly() {
        // Given
        String text = "The Time Machine, by H. G. Wells [1898]\n\n\nI\n";
        // When
        String normalized = TIME_MACHINE.normalize(text, true);
        // Then
        assertThat(normalized).isEqualTo("the time machine by h g wellsi");
    }

    @Test
    void verbatimKeepsEverythingAndEndsEachLineWithOneLineFeed() {
        // Given
        String text = " Two  spaces\u2028no line end\tand 1 tab.\r\n\r\nlast";
        // When
        String normalized = VERBATIM.normalize(text, true);
        // Then
        assertThat(normalized).isEqualTo(" Two  spaces\u2028no line end\tand 1 tab.\n\nlast\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void acceptsLfCrlfAndCr(String lineEnd) {
        // Given
        String text = "one" + lineEnd + "two" + lineEnd;
        // When
        String normalized = VERBATIM.normalize(text, true);
        // Then
        assertThat(normalized).isEqualTo("one\ntwo\n");
    }

    @Test
    void skipsByteOrderMarksInConcatenatedFiles() {
        // Given
        String text = "\uFEFFfirst file\n\uFEFFsecond\uFEFF file\n";
        // When
        String normalized = VERBATIM.normalize(text, true);
        // Then
        assertThat(normalized).isEqualTo("first file\nsecond\uFEFF file\n");
    }

    @Test
    void onlyTheFirstPieceHasNoLeadingSeparator() {
        // Given
        String line = "Dog.";
        // When
        String first = LETTERS.normalize(line, true);
        String next = LETTERS.normalize(line, false);
        // Then
        assertThat(first).isEqualTo("dog");
        assertThat(next).isEqualTo(" dog");
    }

    @ParameterizedTest
    @CsvSource({"'', LETTERS", "'', VERBATIM", "'1898\n--\n', LETTERS", "'李白\n', TIME_MACHINE"})
    void textThatIsEmptyAfterNormalizationHasNoTokens(String text, Normalizer normalizer) {
        // Given
        TextReader reader = new TextReader(Reading.of(Tokenizer.CHARACTERS, normalizer));
        // When
        List<String> tokens = reader.read(text, false);
        // Then
        assertThat(tokens).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aWordEndsWithItsLine(Normalizer normalizer) {
        // Given
        TextReader reader = new TextReader(Reading.of(Tokenizer.WORDS, normalizer));
        // When
        List<String> tokens = reader.read("a dog\nthe cat", true);
        // Then
        assertThat(tokens).filteredOn(token -> !token.equals("\n")).containsExactly("a", "dog", "the", "cat");
    }

    @Test
    void aCharacterOutsideTheBasicPlaneIsOneTokenAndACombiningMarkIsItsOwn() {
        // Given
        String text = "e\u0301\uD83D\uDE00x";
        // When
        List<String> tokens = Tokenizer.CHARACTERS.cut(text);
        // Then
        assertThat(tokens).containsExactly("e", "\u0301", "\uD83D\uDE00", "x");
    }

    @Test
    void inNfcALetterAndItsAccentAreOneToken() {
        // Given
        TextReader reader = new TextReader(new Reading(Tokenizer.CHARACTERS, Normalizer.VERBATIM, true, List.of()));
        // When
        List<String> tokens = reader.read("e\u0301", true);
        // Then
        assertThat(tokens).containsExactly("\u00E9", "\n");
    }

    @Test
    void inNfcTextIsComposedAgainAfterLowerCasing() {
        // Given H with a line below, which is one Unicode character in lower case only
        TextReader reader = new TextReader(new Reading(Tokenizer.CHARACTERS, Normalizer.LETTERS, true, List.of()));
        // When
        List<String> tokens = reader.read("H\u0331", true);
        // Then
        assertThat(tokens).containsExactly("\u1E96");
    }

    @Test
    void aReservedTokenIsReadWholeWithinALineOnly() {
        // Given
        TextReader reader = new TextReader(
                new Reading(Tokenizer.CHARACTERS, Normalizer.LETTERS, false, List.of("a b", "ab", "abc")));
        // When
        List<String> tokens = reader.read("a B abcab\nb a\nb", true);
        // Then
        assertThat(tokens).containsExactly("a b", " ", "abc", "ab", " ", "b", " ", "a", " ", "b");
    }

    @Test
    void aReservedTokenEndsAWord() {
        // Given
        TextReader reader =
                new TextReader(new Reading(Tokenizer.WORDS, Normalizer.VERBATIM, false, List.of("<eos>", "New York")));
        // When
        List<String> tokens = reader.read("in New York<eos>\nNew Yorkers", true);
        // Then
        assertThat(tokens).containsExactly("in", "New York", "<eos>", "\n", "New York", "ers", "\n");
    }

    @Test
    void aPrefixIsPutIntoNfcButNotNormalized() {
        // Given
        TextReader reader = new TextReader(new Reading(Tokenizer.CHARACTERS, Normalizer.LETTERS, true, List.of("the")));
        // When
        List<String> tokens = reader.cutPrefix("Cafe\u0301 the\n");
        // Then
        assertThat(tokens).containsExactly("C", "a", "f", "\u00E9", " ", "the", "\n");
    }

    @Test
    void aByteIsTheCharacterOfItsValue() {
        // Given
        String text = "é";
        // When
        List<String> tokens = Tokenizer.BYTES.cut(text);
        // Then
        assertThat(tokens).containsExactly("\u00C3", "\u00A9");
    }
}

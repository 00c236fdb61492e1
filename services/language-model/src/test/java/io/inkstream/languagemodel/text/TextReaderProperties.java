package io.inkstream.languagemodel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TextReaderProperties {

    private static final Pattern LETTERS_AND_MARKS = Pattern.compile("[\\p{L}\\p{M}]+");

    @Property
    void tokensDoNotDependOnHowLinesAreDividedIntoPieces(
            @ForAll("readings") Reading reading,
            @ForAll("lines") List<String> lines,
            @ForAll("lineEnds") String lineEnd,
            @ForAll("cuts") List<Boolean> cuts,
            @ForAll boolean lastLineEnds) {
        // Given
        TextReader reader = new TextReader(reading);
        List<String> atOnce = reader.read(String.join(lineEnd, lines) + lineEnd, true);
        // When
        List<String> inPieces = new ArrayList<>();
        for (String piece : pieces(lines, lineEnd, cuts, lastLineEnds)) {
            inPieces.addAll(reader.read(piece, inPieces.isEmpty()));
        }
        // Then
        assertThat(inPieces).isEqualTo(atOnce);
    }

    @Property
    void joiningTheTokensGivesTheNormalizedTextExceptWhiteSpaceBetweenWords(
            @ForAll("readings") Reading reading, @ForAll("lines") List<String> lines) {
        // Given
        TextReader reader = new TextReader(reading);
        String text = String.join("\n", lines);
        // When
        String joined = reading.tokenizer().join(reader.read(text, true));
        // Then
        String normalized = reader.normalize(text, true);
        if (reading.tokenizer() == Tokenizer.WORDS) {
            assertThat(withoutWhiteSpace(joined)).isEqualTo(withoutWhiteSpace(normalized));
        } else {
            assertThat(joined).isEqualTo(normalized);
        }
    }

    @Property
    void joiningWordsPutsOneSpaceBetweenThem(@ForAll("lines") List<String> lines) {
        // Given
        TextReader reader = new TextReader(Reading.of(Tokenizer.WORDS, Normalizer.LETTERS));
        String text = String.join("\n", lines);
        // When
        String joined = Tokenizer.WORDS.join(reader.read(text, true));
        // Then
        assertThat(joined).isEqualTo(reader.normalize(text, true).strip());
    }

    @Property
    void noTokenIsHalfASurrogatePair(@ForAll("readings") Reading reading, @ForAll("lines") List<String> lines) {
        // Given
        TextReader reader = new TextReader(reading);
        // When
        List<String> tokens = reader.read(String.join("\n", lines), true);
        // Then
        assertThat(tokens).allMatch(Texts::isText).noneMatch(String::isEmpty);
    }

    @Property
    void aCharacterIsOneCodePointUnlessItIsReserved(
            @ForAll("readings") Reading reading, @ForAll("lines") List<String> lines) {
        // Given
        Assume.that(reading.tokenizer() == Tokenizer.CHARACTERS);
        // When
        List<String> tokens = new TextReader(reading).read(String.join("\n", lines), true);
        // Then
        assertThat(tokens)
                .allMatch(token -> token.codePointCount(0, token.length()) == 1
                        || reading.reservedTokens().contains(token));
    }

    @Property
    void lettersKeepTheirMarksInTheirOrder(@ForAll("lines") List<String> lines) {
        // Given
        String line = String.join("-", lines).toLowerCase(Locale.ROOT);
        // When
        String normalized = Normalizer.LETTERS.line(line);
        // Then
        assertThat(normalized.replace(" ", ""))
                .isEqualTo(LETTERS_AND_MARKS
                        .matcher(line)
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.joining())
                        .toLowerCase(Locale.ROOT));
        assertThat(Normalizer.VERBATIM.line(line)).isEqualTo(line + "\n");
    }

    @Property
    void aCodePointHasTheIdOfItsString(@ForAll("lines") List<String> lines) {
        // Given
        Vocabulary vocabulary = new Vocabulary();
        String text = String.join("\n", lines);
        // When
        Tokenizer.CHARACTERS.cut(text).stream().distinct().forEach(vocabulary::add);
        // Then
        assertThat(text.codePoints()).allSatisfy(codePoint -> assertThat(vocabulary.id(codePoint.intValue()))
                .isEqualTo(vocabulary.id(Character.toString(codePoint)))
                .isNotEqualTo(Vocabulary.UNKNOWN_ID));
    }

    @Provide
    Arbitrary<List<String>> lines() {
        return Texts.lines();
    }

    @Provide
    Arbitrary<Reading> readings() {
        return Texts.readings();
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.of("\n", "\r\n", "\r");
    }

    @Provide
    Arbitrary<List<Boolean>> cuts() {
        return Arbitraries.of(true, false).list().ofSize(8);
    }

    private static String withoutWhiteSpace(String text) {
        return text.codePoints()
                .filter(c -> !Character.isWhitespace(c))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    /** The lines in pieces: after line i there is a cut if {@code cuts} says so. */
    private static List<String> pieces(List<String> lines, String lineEnd, List<Boolean> cuts, boolean lastLineEnds) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            piece.append(lines.get(i)).append(lineEnd);
            boolean last = i == lines.size() - 1;
            if (last || cuts.get(i)) {
                // The last line of a piece needs no line end, unless it is empty.
                boolean mayEndWithout = !lines.get(i).isEmpty();
                pieces.add(
                        mayEndWithout && !lastLineEnds
                                ? piece.substring(0, piece.length() - lineEnd.length())
                                : piece.toString());
                piece.setLength(0);
            }
        }
        return pieces;
    }
}

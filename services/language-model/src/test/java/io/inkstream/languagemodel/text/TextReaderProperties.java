package io.inkstream.languagemodel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TextReaderProperties {

    @Property
    void tokensDoNotDependOnHowLinesAreSpreadOverPieces(
            @ForAll Normalizer normalizer,
            @ForAll Tokenizer tokenizer,
            @ForAll("lines") List<String> lines,
            @ForAll("lineEnds") String lineEnd,
            @ForAll("cuts") List<Boolean> cuts,
            @ForAll boolean lastLineEnds) {
        // Given
        TextReader reader = new TextReader(Reading.of(tokenizer, normalizer));
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
    void joiningTheTokensOfATextGivesTheText(
            @ForAll("exactTokenizers") Tokenizer tokenizer, @ForAll("lines") List<String> lines) {
        // Given
        String text = String.join("\n", lines);
        // When
        String joined = tokenizer.join(tokenizer.cut(text));
        // Then
        assertThat(joined).isEqualTo(text);
    }

    @Property
    void joiningWordsGivesTheTextButForWhiteSpaceBetweenThem(@ForAll("lines") List<String> lines) {
        // Given
        String text = new TextReader(Reading.of(Tokenizer.WORDS, Normalizer.LETTERS))
                .normalize(String.join("\n", lines), true);
        // When
        String joined = Tokenizer.WORDS.join(Tokenizer.WORDS.cut(text));
        // Then
        assertThat(joined).isEqualTo(text.strip());
    }

    @Property
    void aCodePointHasTheIdOfItsText(@ForAll("lines") List<String> lines) {
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
        Arbitrary<String> anything =
                Arbitraries.strings().excludeChars('\n', '\r').ofMaxLength(12).filter(TextReaderProperties::isText);
        Arbitrary<String> telling = Arbitraries.of(
                "",
                " ",
                "\uFEFF",
                "\uFEFF\uFEFFa",
                "The Time",
                "1898",
                "É!",
                "e\u0301",
                "\uD83D\uDE00",
                "ΟΔΟΣ",
                "İ",
                "a\u2028b",
                "李白 杜甫",
                "\t");
        return Arbitraries.oneOf(anything, telling).list().ofMinSize(1).ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.of("\n", "\r\n", "\r");
    }

    @Provide
    Arbitrary<List<Boolean>> cuts() {
        return Arbitraries.of(true, false).list().ofSize(8);
    }

    @Provide
    Arbitrary<Tokenizer> exactTokenizers() {
        return Arbitraries.of(Tokenizer.CHARACTERS, Tokenizer.BYTES);
    }

    /** The lines in pieces: after line i there is a cut if {@code cuts} says so. */
    private static List<String> pieces(List<String> lines, String lineEnd, List<Boolean> cuts, boolean lastLineEnds) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            piece.append(lines.get(i)).append(lineEnd);
            boolean last = i == lines.size() - 1;
            if (last || cuts.get(i)) {
                // The last line of a piece needs no line end, unless it would not be there without it.
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

    /** Text that came as UTF-8 has no halves of surrogate pairs. */
    private static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}

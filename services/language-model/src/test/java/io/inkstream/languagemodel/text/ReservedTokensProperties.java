package io.inkstream.languagemodel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Reserved tokens in text, compared with a search that tries each of them at each position. */
class ReservedTokensProperties {

    @Property
    void readsEveryReservedTokenAndTheLongestOfThoseThatBeginTogether(
            @ForAll("readings") Reading reading, @ForAll("lines") List<String> lines) {
        // Given
        Assume.that(reading.tokenizer() == Tokenizer.CHARACTERS);
        TextReader reader = new TextReader(reading);
        List<String> expected = new ArrayList<>();
        for (String part : reader.parts(String.join("\n", lines), true)) {
            expected.addAll(search(part, reading.reservedTokens()));
        }
        // When
        List<String> tokens = reader.read(String.join("\n", lines), true);
        // Then
        assertThat(tokens).isEqualTo(expected);
    }

    @Property
    void wordsAndCharactersReadTheSameReservedTokens(
            @ForAll("readings") Reading reading, @ForAll("lines") List<String> lines) {
        // Given
        Assume.that(reading.tokenizer() == Tokenizer.WORDS);
        TextReader reader = new TextReader(reading);
        List<Place> expected = new ArrayList<>();
        List<Place> read = new ArrayList<>();
        for (String part : reader.parts(String.join("\n", lines), true)) {
            expected.addAll(places(search(part, reading.reservedTokens()), reading.reservedTokens()));
            // When
            List<String> tokens = new ArrayList<>();
            reader.cut(List.of(part), TokenSink.strings(tokens::add));
            read.addAll(places(tokens, reading.reservedTokens()));
        }
        // Then
        assertThat(read).isEqualTo(expected);
    }

    @Property
    void aPrefixIsCutLikeTheText(@ForAll("readings") Reading reading, @ForAll("lines") List<String> lines) {
        // Given
        TextReader reader = new TextReader(reading);
        for (String line : reader.parts(String.join("\n", lines), true)) {
            List<String> asText = new ArrayList<>();
            reader.cut(List.of(line), TokenSink.strings(asText::add));
            // When
            List<String> asPrefix = reader.cutPrefix(line);
            // Then
            assertThat(asPrefix).isEqualTo(asText);
        }
    }

    @Provide
    Arbitrary<List<String>> lines() {
        return Texts.lines();
    }

    @Provide
    Arbitrary<Reading> readings() {
        return Texts.readings();
    }

    private static List<String> search(String text, List<String> reserved) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < text.length(); ) {
            int at = i;
            String token = reserved.stream()
                    .filter(candidate -> text.startsWith(candidate, at))
                    .max(Comparator.comparingInt(String::length))
                    .orElseGet(() -> Character.toString(text.codePointAt(at)));
            tokens.add(token);
            i += token.length();
        }
        return tokens;
    }

    /** The reserved ones among these tokens, each with the characters before it that are not white space. */
    private static List<Place> places(List<String> tokens, List<String> reserved) {
        List<Place> places = new ArrayList<>();
        int characters = 0;
        for (String token : tokens) {
            if (reserved.contains(token)) {
                places.add(new Place(token, characters));
            }
            characters += (int)
                    token.codePoints().filter(c -> !Character.isWhitespace(c)).count();
        }
        return places;
    }

    private record Place(String token, int characters) {}
}

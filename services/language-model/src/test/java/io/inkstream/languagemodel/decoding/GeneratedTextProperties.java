package io.inkstream.languagemodel.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.inkstream.languagemodel.text.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GeneratedTextProperties {

    @Property
    void generatedTextIsTheJoinedTokens(@ForAll Tokenizer tokenizer, @ForAll("texts") String text) {
        // Given
        GeneratedText grown = new GeneratedText(tokenizer, "", List.of());
        List<String> tokens = tokenizer.cut(text);

        // When / Then, after every token
        for (int i = 0; i < tokens.size(); i++) {
            grown.append(tokens.get(i));
            assertThat(grown).hasToString(tokenizer.join(tokens.subList(0, i + 1)));
        }
    }

    @Property
    void invalidBytesAreReplaced(@ForAll byte[] bytes) {
        // Given
        GeneratedText grown = new GeneratedText(Tokenizer.BYTES, "", List.of());
        List<String> tokens = new ArrayList<>();

        // When / Then
        for (byte b : bytes) {
            tokens.add(String.valueOf((char) (b & 0xFF)));
            grown.append(tokens.get(tokens.size() - 1));
            assertThat(grown).hasToString(Tokenizer.BYTES.join(tokens));
        }
        grown.end();
        assertThat(grown).hasToString(Tokenizer.BYTES.join(tokens));
    }

    @Property
    void textEndsBeforeTheFirstStopString(
            @ForAll Tokenizer tokenizer, @ForAll("texts") String text, @ForAll("stops") List<String> stop) {
        // Given
        GeneratedText grown = new GeneratedText(tokenizer, "", stop);
        List<String> tokens = tokenizer.cut(text);

        for (int i = 1; i <= tokens.size(); i++) {
            // When
            boolean stopped = grown.append(tokens.get(i - 1));

            // Then it equals a search of the whole text
            String whole = tokenizer.join(tokens.subList(0, i));
            int first = firstOf(stop, whole);
            assertThat(stopped).isEqualTo(first >= 0);
            assertThat(grown).hasToString(first < 0 ? whole : whole.substring(0, first));
            if (stopped) {
                return;
            }
        }
    }

    @Property
    void ofStopStringsCompletedByOneWordTheFirstToBeginCounts(
            @ForAll("words") List<String> words, @ForAll("stops") List<String> stop) {
        // Given
        GeneratedText grown = new GeneratedText(Tokenizer.WORDS, "", stop);

        // When
        boolean stopped = false;
        String whole = "";
        for (int i = 0; i < words.size() && !stopped; i++) {
            stopped = grown.append(words.get(i));
            whole = Tokenizer.WORDS.join(words.subList(0, i + 1));
        }

        // Then
        int first = firstOf(stop, whole);
        assertThat(stopped).isEqualTo(first >= 0);
        assertThat(grown).hasToString(first < 0 ? whole : whole.substring(0, first));
    }

    @Test
    void readsEachCharacterOfALongTextOnce() {
        // Given stop strings that all but come with every character: to compare each of them, wherever the longest
        // leaves
        // room for it, takes 15 * 128 * 129 comparisons for each of 500,000 characters
        List<String> stop = IntStream.range(0, DecodingOptions.MAX_STOPS)
                .mapToObj(i -> "a".repeat((i == 0 ? DecodingOptions.MAX_STOP_LENGTH : 128) - 1) + (char) ('b' + i))
                .toList();
        GeneratedText grown = new GeneratedText(Tokenizer.CHARACTERS, "", stop);

        // When
        boolean stopped = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            boolean any = false;
            for (int i = 0; i < 500_000; i++) {
                any |= grown.append("a");
            }
            return any;
        });

        // Then
        assertThat(stopped).isFalse();
        assertThat(grown.append("b")).isTrue();
        assertThat(grown.length()).isEqualTo(500_001 - DecodingOptions.MAX_STOP_LENGTH);
    }

    private static int firstOf(List<String> stop, String text) {
        return stop.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(-1);
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.strings()
                .withChars("ab é")
                .ofMinLength(1)
                .ofMaxLength(8)
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", " ", "\n", "é", "€", "😀")
                .list()
                .ofMaxSize(30)
                .map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<List<String>> stops() {
        return Arbitraries.strings()
                .withChars("ab \né€")
                .ofMinLength(1)
                .ofMaxLength(4)
                .list()
                .ofMaxSize(5);
    }
}

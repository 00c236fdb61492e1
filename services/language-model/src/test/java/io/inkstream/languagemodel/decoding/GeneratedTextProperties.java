package io.inkstream.languagemodel.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class GeneratedTextProperties {

    @Property
    void growingTextIsTheJoinedTokens(@ForAll Tokenizer tokenizer, @ForAll("texts") String text) {
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
    void bytesInAnyOrderReadAsTheirReplacement(@ForAll byte[] bytes) {
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

        // When
        boolean stopped = false;
        for (int i = 0; i < tokens.size() && !stopped; i++) {
            stopped = grown.append(tokens.get(i));
        }

        // Then
        String whole = tokenizer.join(tokens);
        int first = stop.stream()
                .mapToInt(whole::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
        assertThat(stopped).isEqualTo(first >= 0);
        assertThat(grown.toString())
                .satisfiesAnyOf(
                        // Of two stop strings the one that is whole first ends the text, even if the other began before
                        // it.
                        cut -> assertThat(cut).isEqualTo(first < 0 ? whole : whole.substring(0, first)),
                        cut -> assertThat(stop.stream().anyMatch(string -> whole.startsWith(cut + string)))
                                .isTrue());
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
                .ofMaxSize(3);
    }
}

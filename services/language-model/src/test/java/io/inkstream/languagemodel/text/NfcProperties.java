package io.inkstream.languagemodel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer.Form;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A corpus in NFC, compared with the definition in the Java library. */
class NfcProperties {

    @Property
    void joinedTokensAreInNfc(@ForAll("readings") Reading reading, @ForAll("lines") List<String> lines) {
        // Given
        TextReader reader = new TextReader(inNfc(reading));
        // When
        String joined = reading.tokenizer().join(reader.read(String.join("\n", lines), true));
        // Then
        assertThat(java.text.Normalizer.normalize(joined, Form.NFC)).isEqualTo(joined);
    }

    @Property
    void textsThatAreCanonicallyEqualGiveTheSameTokens(
            @ForAll("readings") Reading reading, @ForAll("lines") List<String> lines) {
        // Given
        TextReader reader = new TextReader(inNfc(reading));
        String text = String.join("\n", lines);
        // When
        List<String> tokens = reader.read(text, true);
        // Then
        assertThat(reader.read(java.text.Normalizer.normalize(text, Form.NFD), true))
                .isEqualTo(tokens);
        assertThat(reader.read(java.text.Normalizer.normalize(text, Form.NFC), true))
                .isEqualTo(tokens);
    }

    @Property
    void textInNfcIsReadAsWithoutTheOption(@ForAll("lines") List<String> lines) {
        // Given
        Reading verbatim = Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM);
        String text = java.text.Normalizer.normalize(String.join("\n", lines), Form.NFC);
        // When
        List<String> tokens = new TextReader(inNfc(verbatim)).read(text, true);
        // Then
        assertThat(tokens).isEqualTo(new TextReader(verbatim).read(text, true));
    }

    @Provide
    Arbitrary<List<String>> lines() {
        return Texts.lines();
    }

    @Provide
    Arbitrary<Reading> readings() {
        return Texts.readings();
    }

    private static Reading inNfc(Reading reading) {
        return new Reading(reading.tokenizer(), reading.normalizer(), true, reading.reservedTokens());
    }
}

package io.inkstream.languagemodel.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.languagemodel.text.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GenerationTest {

    @Test
    void endsAtTheRequestedLength() {
        // Given
        Decoder decoder = counting(Tokenizer.CHARACTERS, "a", "b", "c", "d");

        // When
        Generation generation = completed(decoder, "b", DecodingOptions.greedy(5));

        // Then
        assertThat(generation.text()).isEqualTo("cdabc");
        assertThat(generation.tokens()).isEqualTo(5);
        assertThat(generation.state()).isEqualTo(GenerationState.LENGTH);
        assertThat(generation.unknownTokens()).isZero();
    }

    @Test
    void aReservedTokenOfThePrefixIsReadWhole() {
        // Given
        Reading reading = new Reading(Tokenizer.CHARACTERS, Normalizer.VERBATIM, false, List.of("<eos>", "<e"));
        Decoder decoder = counting(reading, "<eos>", "<e", "x");

        // When
        Generation afterTheLongest = completed(decoder, "x<eos>", DecodingOptions.greedy(3));
        Generation afterTheOther = completed(decoder, "x<e", DecodingOptions.greedy(1));

        // Then
        assertThat(afterTheLongest.text()).isEqualTo("<ex<eos>");
        assertThat(afterTheLongest.unknownTokens()).isZero();
        assertThat(afterTheOther.text()).isEqualTo("x");
    }

    @Test
    void aModelOfTextInNfcReadsThePrefixInNfcAndReturnsTheOriginal() {
        // Given
        Decoder inNfc =
                counting(new Reading(Tokenizer.CHARACTERS, Normalizer.VERBATIM, true, List.of()), "\u00E9", "b");
        Decoder asItIs = counting(Tokenizer.CHARACTERS, "\u00E9", "b");

        // When
        Generation read = completed(inNfc, "e\u0301", DecodingOptions.greedy(2));
        Generation notRead = completed(asItIs, "e\u0301", DecodingOptions.greedy(2));

        // Then
        assertThat(read.text()).isEqualTo("b\u00E9");
        assertThat(read.prefix()).isEqualTo("e\u0301");
        assertThat(read.unknownTokens()).isZero();
        assertThat(notRead.unknownTokens()).isEqualTo(2);
    }

    @Test
    void endsBeforeAStopStringThatSpansTokens() {
        // Given
        Decoder decoder = counting(Tokenizer.CHARACTERS, "a", "b", "c", "d");

        // When
        Generation generation = completed(decoder, "b", greedy("dab", "xyz"));

        // Then
        assertThat(generation.text()).isEqualTo("c");
        assertThat(generation.tokens()).isEqualTo(4);
        assertThat(generation.state()).isEqualTo(GenerationState.STOP);
    }

    @Test
    void aStopStringThatStartsInThePrefixDoesNotCount() {
        // Given
        Decoder decoder = counting(Tokenizer.CHARACTERS, "a", "b", "c", "d");

        // When: "bc" is half in the prefix, and appears again
        Generation generation = completed(decoder, "b", greedy("bc"));

        // Then
        assertThat(generation.text()).isEqualTo("cda");
    }

    @Test
    void limitsNumberAndLengthOfStopStrings() {
        assertThat(greedy(stops(DecodingOptions.MAX_STOPS, DecodingOptions.MAX_STOP_LENGTH))
                        .stop())
                .hasSize(16);
        assertThatThrownBy(() -> greedy(stops(DecodingOptions.MAX_STOPS + 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there may be at most 16 stop strings, not 17");
        assertThatThrownBy(() -> greedy(stops(1, DecodingOptions.MAX_STOP_LENGTH + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a stop string may have at most 256 characters, not 257");
    }

    @Test
    void endsWhenTheTextIsTooLongForARecord() {
        // Given
        Decoder decoder = counting(Tokenizer.WORDS, "a".repeat(100_000));

        // When
        Generation generation = completed(decoder, "", DecodingOptions.greedy(1000));

        // Then
        assertThat(generation.state()).isEqualTo(GenerationState.TOO_LONG);
        assertThat(generation.tokens()).isEqualTo(11);
    }

    @Test
    void wordsAreSeparatedFromThePrefixButLineEndsAreNot() {
        // Given
        Decoder decoder = counting(Tokenizer.WORDS, "the", "old", "press", "\n");

        // When / Then
        assertThat(completed(decoder, "the", DecodingOptions.greedy(5)).text()).isEqualTo(" old press\nthe old");
        assertThat(completed(decoder, "the ", DecodingOptions.greedy(2)).text()).isEqualTo("old press");
        assertThat(completed(decoder, "press", DecodingOptions.greedy(2)).text())
                .isEqualTo("\nthe");
    }

    @Test
    void bytesBecomeCharacters() {
        // Given the bytes of € in turn
        String[] bytes = Tokenizer.BYTES.cut("€").toArray(String[]::new);
        Decoder decoder = counting(Tokenizer.BYTES, bytes);

        // When / Then
        assertThat(completed(decoder, "€", DecodingOptions.greedy(6)).text()).isEqualTo("€€");
        assertThat(completed(decoder, "€", DecodingOptions.greedy(4)).text()).isEqualTo("€\uFFFD");
        assertThat(bytes).hasSize("€".getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void unknownTokensAreCounted() {
        // Given
        Decoder decoder = counting(Tokenizer.CHARACTERS, "a", "b", "c", "d");

        // When
        Generation generation = completed(decoder, "a?b!", DecodingOptions.greedy(2));

        // Then: after the unknown token, id 0, comes id 1
        assertThat(generation.unknownTokens()).isEqualTo(2);
        assertThat(generation.text()).isEqualTo("ab");
    }

    @Test
    void anEmptyPrefixReadsAsOneUnknownToken() {
        // Given
        Decoder decoder = counting(Tokenizer.CHARACTERS, "a", "b", "c", "d");

        // When
        Generation generation = completed(decoder, "", DecodingOptions.greedy(3));

        // Then
        assertThat(generation.text()).isEqualTo("abc");
        assertThat(generation.unknownTokens()).isZero();
    }

    @Test
    void theUnknownTokenIsNeverGenerated() {
        // Given a network in which it is by far the most probable
        ModelShape shape = new ModelShape(Cell.RNN_TANH, 1, 2, 0, 3);
        Map<String, Tensor> parameters = RandomDecoders.parameters(shape, 1, 0.1f);
        parameters.put("linear.bias", new Tensor(new int[] {3}, new float[] {100, 0, 0}));
        Decoder decoder = new Decoder(shape, parameters, RandomDecoders.letters(3), Reading.DEFAULT);

        // When / Then
        assertThat(completed(decoder, "a", DecodingOptions.greedy(50)).text()).matches("[ab]{50}");
        assertThat(completed(decoder, "a", new DecodingOptions(200, 3, 0, 1, List.of(), 1))
                        .text())
                .matches("[ab]{200}");
    }

    @Test
    void aNetworkThatGrowsWithoutBoundEndsAsDiverged() {
        // Given
        ModelShape shape = new ModelShape(Cell.RNN_RELU, 1, 1, 0, 2);
        Map<String, Tensor> parameters = RandomDecoders.parameters(shape, 1, 0);
        parameters.put("rnn.weight_hh_l0", new Tensor(new int[] {1, 1}, new float[] {1e20f}));
        parameters.put("rnn.bias_hh_l0", new Tensor(new int[] {1}, new float[] {1}));
        parameters.put("linear.weight", new Tensor(new int[] {2, 1}, new float[] {1, 1}));
        Decoder decoder = new Decoder(shape, parameters, RandomDecoders.letters(2), Reading.DEFAULT);

        // When
        Generation generation = completed(decoder, "a", DecodingOptions.greedy(50));

        // Then
        assertThat(generation.state()).isEqualTo(GenerationState.DIVERGED);
        assertThat(generation.tokens()).isEqualTo(2);
    }

    @Test
    void rejectsGenerationsThatHaveEndedOrBelongToAnotherModel() {
        // Given
        Decoder decoder = counting(Tokenizer.CHARACTERS, "a", "b");
        Decoder other = counting(Tokenizer.CHARACTERS, "a", "b");
        Generation ended = completed(decoder, "a", DecodingOptions.greedy(1));
        Generation fresh = decoder.begin("a", DecodingOptions.greedy(1));

        // When / Then
        assertThatThrownBy(() -> decoder.step(List.of(fresh, ended))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> other.step(List.of(fresh))).isInstanceOf(IllegalArgumentException.class);
        assertThat(fresh.tokens()).isZero();
    }

    @Test
    void rejectsWeightsThatDoNotMatch() {
        // Given
        ModelShape shape = new ModelShape(Cell.GRU, 1, 2, 0, 3);
        Map<String, Tensor> parameters = RandomDecoders.parameters(shape, 1, 1);

        // When / Then
        assertThatThrownBy(() -> new Decoder(shape, parameters, RandomDecoders.letters(4), Reading.DEFAULT))
                .hasMessageContaining("vocabulary of 4");
        parameters.get("linear.bias").values()[1] = Float.NaN;
        assertThatThrownBy(() -> new Decoder(shape, parameters, RandomDecoders.letters(3), Reading.DEFAULT))
                .hasMessageContaining("linear.bias");
    }

    private static String[] stops(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> Character.toString(0x1F600 + i).repeat(length))
                .toArray(String[]::new);
    }

    private static DecodingOptions greedy(String... stop) {
        return new DecodingOptions(100, 0, 0, 1, List.of(stop), 0);
    }

    private static Generation completed(Decoder decoder, String prefix, DecodingOptions options) {
        Generation generation = decoder.begin(prefix, options);
        while (generation.state().isRunning()) {
            decoder.step(List.of(generation));
        }
        return generation;
    }

    /** A network for which the token with the id after that of the last token, cyclically, is the most probable. */
    private static Decoder counting(Tokenizer tokenizer, String... entries) {
        return counting(Reading.of(tokenizer, Normalizer.VERBATIM), entries);
    }

    private static Decoder counting(Reading reading, String... entries) {
        int size = entries.length + 1;
        ModelShape shape = new ModelShape(Cell.RNN_RELU, 1, size, 0, size);
        Map<String, Tensor> parameters = RandomDecoders.parameters(shape, 1, 0);
        for (int id = 0; id < size; id++) {
            int next = id == entries.length ? 1 : id + 1;
            parameters.get("rnn.weight_ih_l0").values()[id * size + id] = 1;
            parameters.get("linear.weight").values()[next * size + id] = 1;
        }
        return new Decoder(shape, parameters, new Vocabulary(List.of(entries)), reading);
    }
}

package io.inkstream.languagemodel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.InitialParameters;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelFileTest {

    private static final Map<String, String> METADATA =
            Map.of("vocabulary", "[\"a\", \"b\", \"ü\"]", "tokenizer", "characters");

    @ParameterizedTest
    @EnumSource(Cell.class)
    void recognizesTheNetworkByItsWeights(Cell cell) {
        // Given
        ModelShape shape = new ModelShape(cell, 2, 6, 3, 4);
        Map<String, String> metadata = new HashMap<>(METADATA);
        if (cell == Cell.RNN_RELU) {
            metadata.put("cell", "rnn_relu");
        }

        // When
        Checkpoint model = ModelFile.read(Safetensors.write(parameters(shape), metadata));

        // Then
        assertThat(model.shape()).isEqualTo(shape);
        assertThat(model.parameters()).isEqualTo(parameters(shape));
        assertThat(model.vocabulary().entries()).containsExactly("a", "b", "ü");
        assertThat(model.reading()).isEqualTo(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
        assertThat(Checkpoint.read(model.write()).weightsSha256()).isEqualTo(model.weightsSha256());
    }

    @Test
    void aNetworkWithoutALinearLayerHasItsLogitsInTheHiddenState() {
        // Given
        ModelShape shape = new ModelShape(Cell.GRU, 1, 3, 0, 4, Output.HIDDEN);

        // When, Then
        assertThat(ModelFile.read(Safetensors.write(parameters(shape), METADATA))
                        .shape())
                .isEqualTo(shape);
    }

    @Test
    void theVocabularyMayStartWithTheUnknownToken() {
        // Given
        Map<String, String> metadata = Map.of("vocabulary", "[\"<unk>\", \"a\", \"b\", \"ü\"]", "tokenizer", "words");

        // When
        Checkpoint model =
                ModelFile.read(Safetensors.write(parameters(new ModelShape(Cell.GRU, 1, 3, 0, 4)), metadata));

        // Then
        assertThat(model.vocabulary().entries()).containsExactly("a", "b", "ü");
        assertThat(model.reading().tokenizer()).isEqualTo(Tokenizer.WORDS);
    }

    @Test
    void theMetadataDefinesHowTextIsRead() {
        // Given
        Map<String, String> metadata = new HashMap<>(METADATA);
        metadata.put("normalizer", "letters");
        metadata.put("nfc", "true");
        metadata.put("reserved_tokens", "[\"a\", \"b\"]");

        // When
        Checkpoint model =
                ModelFile.read(Safetensors.write(parameters(new ModelShape(Cell.GRU, 1, 3, 0, 4)), metadata));

        // Then
        Reading reading = new Reading(Tokenizer.CHARACTERS, Normalizer.LETTERS, true, List.of("a", "b"));
        assertThat(model.reading()).isEqualTo(reading);
        assertThat(Checkpoint.read(model.write()).reading()).isEqualTo(reading);
        assertThat(ModelFile.read(model.modelFile("sha").toByteArray()).reading())
                .isEqualTo(reading);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vocabulary | <none>          | The file's metadata has no 'vocabulary'
            vocabulary | not JSON        | The file's 'vocabulary' is not a JSON list of strings
            vocabulary | ["a", "b"]      | The network is for 4 tokens, <unk> included, and the vocabulary has 2
            vocabulary | ["a", "a", "b"] | 'a' already has the id 1
            tokenizer  | <none>          | The file's metadata has no 'tokenizer'
            tokenizer  | syllables       | 'syllables' is not one of characters, words, bytes
            cell       | lstm            | The metadata says that the cell is lstm, but its weights are those of [GRU]
            perplexity | good            | The file's 'perplexity' is not a number: 'good'
            nfc        | yes             | The file's 'nfc' is 'yes'; it should be true or false
            reserved_tokens | a          | The file's 'reserved_tokens' is not a JSON list of strings
            reserved_tokens | ["b"]      | A vocabulary does not begin with its reserved tokens [b]
            reserved_tokens | ["a", "a"] | The reserved token 'a' is listed twice
            vocabulary | ["a", "b", "\\ud83d"] | A token is not Unicode text: it contains half a surrogate pair
            """)
    void reportsWhatIsWrongWithTheMetadata(String key, String value, String message) {
        // Given
        Map<String, String> metadata = new HashMap<>(METADATA);
        metadata.put(key, value);
        metadata.values().remove("<none>");

        // When, Then
        assertThatThrownBy(() ->
                        ModelFile.read(Safetensors.write(parameters(new ModelShape(Cell.GRU, 1, 3, 0, 4)), metadata)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void reportsWhatIsWrongWithTheParameters() {
        // Given
        ModelShape shape = new ModelShape(Cell.GRU, 1, 3, 0, 4);

        // When, Then
        rejected(shape, map -> map.remove("linear.bias"), "Parameter linear.bias is missing");
        rejected(shape, map -> map.remove("rnn.weight_hh_l0"), "There is no parameter rnn.weight_hh_l0 among");
        rejected(shape, map -> map.put("dropout.p", Tensor.zeros(1)), "dropout.p is not a parameter of this network");
        rejected(
                shape,
                map -> map.put("rnn.weight_hh_l0", Tensor.zeros(5, 3)),
                "Parameter rnn.weight_hh_l0 has the shape");
        rejected(
                shape, map -> map.put("rnn.bias_ih_l0", Tensor.zeros(4)), "Parameter rnn.bias_ih_l0 has the shape [4]");
        rejected(
                shape,
                map -> map.put("linear.bias", new Tensor(new int[] {4}, new float[] {0, Float.NaN, 0, 0})),
                "Parameter linear.bias contains NaN");
    }

    private static void rejected(ModelShape shape, Consumer<Map<String, Tensor>> change, String message) {
        Map<String, Tensor> parameters = new LinkedHashMap<>(parameters(shape));
        change.accept(parameters);
        assertThatThrownBy(() -> ModelFile.read(Safetensors.write(parameters, METADATA)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static Map<String, Tensor> parameters(ModelShape shape) {
        return InitialParameters.of(shape, Initialization.PYTORCH, 1);
    }
}

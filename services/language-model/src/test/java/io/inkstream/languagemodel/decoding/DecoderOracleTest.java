package io.inkstream.languagemodel.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.languagemodel.SharedFiles;
import io.inkstream.languagemodel.checkpoint.Safetensors;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forward step against logits that PyTorch computed. */
class DecoderOracleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0-rnn_tanh-1layer-sgd",
                "1-rnn_tanh-1layer-sgd",
                "2-rnn_tanh-2layer-embedding-adam",
                "3-rnn_relu-1layer-sgd",
                "4-gru-1layer-sgd",
                "5-gru-2layer-embedding-adam",
                "6-lstm-1layer-sgd",
                "7-lstm-2layer-embedding-adam"
            })
    void logitsAreThoseOfPyTorch(String name) throws IOException {
        // Given
        Path file = SharedFiles.oracle().resolve(name + ".safetensors");
        Safetensors golden = Safetensors.read(Files.readAllBytes(file));
        Decoder decoder = decoder(golden);
        int batch = Integer.parseInt(golden.metadata().get("batch"));
        int window = Integer.parseInt(golden.metadata().get("window"));
        int vocabulary = decoder.shape().vocabulary();
        long[] inputs = golden.longs("inputs");
        float[] expected = golden.tensor("logits").values();

        for (int lane = 0; lane < batch; lane++) {
            Generation generation = decoder.begin("", DecodingOptions.greedy(1));
            for (int t = 0; t < window; t++) {
                // When
                generation.feedNext((int) inputs[lane * window + t]);
                decoder.forward(List.of(generation));

                // Then
                for (int token = 0; token < vocabulary; token++) {
                    assertThat(generation.recurrentState().logits[token])
                            .as("lane %d, step %d, token %d", lane, t, token)
                            .isCloseTo(expected[(t * batch + lane) * vocabulary + token], within(1e-4f));
                }
            }
        }
    }

    private static Decoder decoder(Safetensors golden) {
        Map<String, String> metadata = golden.metadata();
        ModelShape shape = new ModelShape(
                Cell.valueOf(metadata.get("cell").toUpperCase(Locale.ROOT)),
                Integer.parseInt(metadata.get("layers")),
                Integer.parseInt(metadata.get("hidden")),
                Integer.parseInt(metadata.get("embedding")),
                Integer.parseInt(metadata.get("vocabulary")));
        Map<String, Tensor> parameters = new HashMap<>();
        shape.parameterShapes().keySet().forEach(name -> parameters.put(name, golden.tensor("initial." + name)));
        return new Decoder(shape, parameters, RandomDecoders.letters(shape.vocabulary()), Tokenizer.CHARACTERS);
    }
}

package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.Deviations;
import io.inkstream.languagemodel.GoldenRun;
import io.inkstream.languagemodel.text.Reading;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forward step, compared with logits that PyTorch computed. */
class DecoderOracleTest {

    @ParameterizedTest
    @MethodSource("io.inkstream.languagemodel.GoldenRun#names")
    void logitsMatchPyTorch(String name) throws IOException {
        // Given
        GoldenRun golden = GoldenRun.read(name);
        int batch = golden.number("batch");
        int window = golden.number("window");
        int vocabulary = golden.number("vocabulary");
        Decoder decoder = new Decoder(
                golden.shape(), golden.initialParameters(), RandomDecoders.letters(vocabulary), Reading.DEFAULT);
        long[] inputs = golden.file().longs("inputs");
        Deviations deviations = new Deviations(name);
        float[] expected = golden.file().tensor("logits").values();

        for (int lane = 0; lane < batch; lane++) {
            Generation generation = decoder.begin("", DecodingOptions.greedy(1));
            for (int t = 0; t < window; t++) {
                // When
                generation.feedNext((int) inputs[lane * window + t]);
                decoder.forward(List.of(generation));

                for (int token = 0; token < vocabulary; token++) {
                    deviations.absolute(
                            "logits",
                            generation.recurrentState().logits()[token],
                            expected[(t * batch + lane) * vocabulary + token]);
                }
            }
        }

        // Then
        deviations.requireAtMost(Map.of("logits", 5e-6));
    }
}

package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.languagemodel.SharedFiles;
import io.inkstream.languagemodel.checkpoint.Safetensors;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Six consecutive steps, compared with those of PyTorch. */
class TruncatedBpttTest {

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
    void trainsAsPyTorchDoes(String name) throws IOException {
        // Given
        Path file = SharedFiles.oracle().resolve(name + ".safetensors");
        Safetensors oracle = Safetensors.read(Files.readAllBytes(file));
        Map<String, String> meta = oracle.metadata();
        ModelShape shape = new ModelShape(
                Cell.valueOf(meta.get("cell").toUpperCase(Locale.ROOT)),
                number(meta, "layers"),
                number(meta, "hidden"),
                number(meta, "embedding"),
                number(meta, "vocabulary"));
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        shape.parameterShapes().keySet().forEach(p -> parameters.put(p, oracle.tensor("initial." + p)));
        int steps = number(meta, "steps");
        float[] losses = oracle.tensor("losses").values();
        float[] norms = oracle.tensor("gradient_norms").values();
        ComputeDevice device = ComputeDevice.open(ComputeDevice.Choice.CPU, 1);
        device.prepareThread();

        // When
        try (TruncatedBptt bptt = new TruncatedBptt(
                device,
                Optimizer.Rule.valueOf(meta.get("optimizer").toUpperCase(Locale.ROOT)),
                new NetworkState(shape, parameters, Map.of(), List.of(), 0))) {
            for (int step = 0; step < steps; step++) {
                bptt.resetLoss();
                bptt.step(
                        minibatch(oracle, meta, step),
                        Double.parseDouble(meta.get("learning_rate")),
                        Double.parseDouble(meta.get("clip_norm")),
                        step + 1L);

                // Then
                int tokens = number(meta, "batch") * number(meta, "window");
                assertThat(bptt.lossSum() / tokens)
                        .as("loss of step %d", step)
                        .isCloseTo(losses[step], Percentage.withPercentage(1e-3));
                assertThat(bptt.gradientNorm())
                        .as("gradient norm of step %d", step)
                        .isCloseTo(norms[step], Percentage.withPercentage(1e-3));
            }
            NetworkState end = bptt.state();
            end.parameters().forEach((p, tensor) -> assertClose(p, tensor, oracle.tensor("final." + p)));
            assertClose("state.h", end.carried().get(0), oracle.tensor("state.h"));
            if (shape.cell().hasCellState()) {
                assertClose("state.c", end.carried().get(1), oracle.tensor("state.c"));
            }
        }
    }

    private static Minibatch minibatch(Safetensors oracle, Map<String, String> meta, int step) {
        int lanes = number(meta, "batch");
        int window = number(meta, "window");
        return new Minibatch(
                window,
                lanes,
                timeMajor(oracle.longs("inputs"), step, lanes, window),
                timeMajor(oracle.longs("targets"), step, lanes, window),
                step == 0);
    }

    private static long[] timeMajor(long[] laneMajor, int step, int lanes, int window) {
        long[] result = new long[lanes * window];
        for (int lane = 0; lane < lanes; lane++) {
            for (int time = 0; time < window; time++) {
                result[time * lanes + lane] = laneMajor[(step * lanes + lane) * window + time];
            }
        }
        return result;
    }

    private static void assertClose(String what, Tensor ours, Tensor theirs) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        for (int i = 0; i < ours.values().length; i++) {
            assertThat(ours.values()[i]).as("%s[%d]", what, i).isCloseTo(theirs.values()[i], within(1e-4f));
        }
    }

    private static int number(Map<String, String> meta, String name) {
        return Integer.parseInt(meta.get(name));
    }
}

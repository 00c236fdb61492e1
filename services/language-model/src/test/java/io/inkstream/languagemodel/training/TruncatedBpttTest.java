package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.languagemodel.GoldenRun;
import io.inkstream.languagemodel.checkpoint.NetworkState;
import io.inkstream.languagemodel.checkpoint.Safetensors;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Six consecutive steps, compared with those of PyTorch. */
class TruncatedBpttTest {

    @ParameterizedTest
    @MethodSource("io.inkstream.languagemodel.GoldenRun#names")
    void trainsAsPyTorchDoes(String name) throws IOException {
        // Given
        GoldenRun golden = GoldenRun.read(name);
        Safetensors oracle = golden.file();
        int steps = golden.number("steps");
        float[] losses = oracle.tensor("losses").values();
        float[] norms = oracle.tensor("gradient_norms").values();
        ComputeDevice device = ComputeDevice.open(ComputeDevice.Choice.CPU, 1);
        device.prepareThread();

        // When
        try (TruncatedBptt bptt = new TruncatedBptt(
                device,
                OptimizerRule.valueOf(golden.text("optimizer").toUpperCase(Locale.ROOT)),
                new NetworkState(golden.shape(), golden.initialParameters(), Map.of(), List.of(), 0))) {
            for (int step = 0; step < steps; step++) {
                bptt.resetLoss();
                bptt.step(
                        minibatch(golden, step),
                        Double.parseDouble(golden.text("learning_rate")),
                        Double.parseDouble(golden.text("clip_norm")),
                        step + 1L);

                // Then
                int tokens = golden.number("batch") * golden.number("window");
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
            if (golden.shape().cell().hasCellState()) {
                assertClose("state.c", end.carried().get(1), oracle.tensor("state.c"));
            }
        }
    }

    private static Minibatch minibatch(GoldenRun golden, int step) {
        int lanes = golden.number("batch");
        int window = golden.number("window");
        return new Minibatch(
                window,
                lanes,
                timeMajor(golden.file().longs("inputs"), step, lanes, window),
                timeMajor(golden.file().longs("targets"), step, lanes, window),
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
}

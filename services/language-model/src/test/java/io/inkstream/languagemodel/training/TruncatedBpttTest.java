package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.inkstream.languagemodel.Deviations;
import io.inkstream.languagemodel.GoldenRun;
import io.inkstream.languagemodel.checkpoint.Safetensors;
import io.inkstream.languagemodel.network.Implementation;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Consecutive steps, and the logits before the first, compared with those of PyTorch. */
@Numerical
class TruncatedBpttTest {

    private static Stream<Arguments> runs() {
        return GoldenRun.names()
                .flatMap(name -> Arrays.stream(Implementation.values()).map(way -> Arguments.of(name, way)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void trainsLikePyTorch(String name, Implementation implementation) throws IOException {
        // Given
        GoldenRun golden = GoldenRun.read(name);
        Safetensors oracle = golden.file();
        int steps = golden.number("steps");
        float[] losses = oracle.tensor("losses").values();
        float[] norms = oracle.tensor("gradient_norms").values();
        OptimizerSettings settings = new OptimizerSettings(
                OptimizerRule.valueOf(golden.text("optimizer").toUpperCase(Locale.ROOT)),
                Double.parseDouble(golden.text("learning_rate")),
                Double.parseDouble(golden.text("clip_norm")));
        ComputeDevice device = ComputeDevice.open(ComputeDevice.Choice.CPU, 1);
        device.prepareThread();
        Deviations deviations = new Deviations(name + " " + implementation);

        // When
        try (TruncatedBptt bptt = new TruncatedBptt(
                device, settings.rule(), implementation, NetworkState.of(golden.shape(), golden.initialParameters()))) {
            for (int step = 0; step < steps; step++) {
                bptt.resetLoss();
                bptt.step(minibatch(golden, step), settings, step + 1L);

                // Then
                int tokens = golden.number("batch") * golden.number("window");
                deviations.relative("loss", bptt.lossSum() / tokens, losses[step]);
                deviations.relative("gradient norm", bptt.gradientNorm(), norms[step]);
            }
            NetworkState end = bptt.state();
            end.parameters()
                    .forEach((p, tensor) -> deviations.absolute("parameters", tensor, oracle.tensor("final." + p)));
            deviations.absolute("states", end.carried().get(0), oracle.tensor("state.h"));
            if (golden.shape().cell().hasCellState()) {
                deviations.absolute("states", end.carried().get(1), oracle.tensor("state.c"));
            }
        }
        deviations.requireAtMost(Map.of("loss", 5e-6, "gradient norm", 5e-6, "parameters", 5e-6, "states", 5e-6));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void predictsLikePyTorch(String name, Implementation implementation) throws IOException {
        // Given
        GoldenRun golden = GoldenRun.read(name);
        Minibatch first = minibatch(golden, 0);
        ComputeDevice device = ComputeDevice.open(ComputeDevice.Choice.CPU, 1);
        device.prepareThread();
        Deviations deviations = new Deviations(name + " " + implementation);

        // When
        try (NDManager manager = NDManager.newBaseManager(device.device(), "PyTorch");
                RecurrentNetwork network =
                        new RecurrentNetwork(manager, golden.shape(), golden.initialParameters(), implementation)) {
            NDArray tokens = manager.create(first.inputs(), new Shape(first.window(), first.lanes()));
            NDList result = network.hiddenStates(tokens, network.zeroState(manager, first.lanes()));

            // Then
            deviations.absolute(
                    "logits",
                    DeviceTensors.read(network.logits(result.get(0))),
                    golden.file().tensor("logits"));
        }
        deviations.requireAtMost(Map.of("logits", 5e-6));
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
}

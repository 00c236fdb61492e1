package io.inkstream.languagemodel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.inkstream.languagemodel.Deviations;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.GoldenRun;
import io.inkstream.languagemodel.checkpoint.Safetensors;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Consecutive steps, and a forward pass before the first, compared with those of PyTorch. */
@Numerical
class TruncatedBpttTest {

    private static Stream<Arguments> runs() {
        return GoldenRun.names().flatMap(name -> EnginesUnderTest.kinds().map(kind -> Arguments.of(name, kind)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void trainsLikePyTorch(String name, EngineKind kind) throws IOException {
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
        Deviations deviations = new Deviations(name + " " + kind);

        // When
        NetworkState start = NetworkState.of(golden.shape(), golden.initialParameters());
        try (TrainedNetwork network = EnginesUnderTest.open(kind).network(start, settings.rule())) {
            for (int step = 0; step < steps; step++) {
                network.resetLoss();
                network.step(golden.minibatch(step), settings, step + 1L);

                // Then
                int tokens = golden.number("batch") * golden.number("window");
                deviations.relative("loss", network.lossSum() / tokens, losses[step]);
                deviations.relative("gradient norm", network.gradientNorm(), norms[step]);
            }
            NetworkState end = network.state();
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
    void predictsLikePyTorch(String name, EngineKind kind) throws IOException {
        // Given
        GoldenRun golden = GoldenRun.read(name);
        Minibatch first = golden.minibatch(0);
        Deviations deviations = new Deviations(name + " " + kind);

        // When
        NetworkState start = NetworkState.of(golden.shape(), golden.initialParameters());
        try (TrainedNetwork network = EnginesUnderTest.open(kind).network(start, OptimizerRule.SGD);
                ForwardPass pass = network.forwardPass(first.lanes())) {
            double sum = pass.crossEntropy(first.inputs(), first.targets());

            // Then
            deviations.relative(
                    "loss", sum / first.tokens(), golden.file().tensor("losses").values()[0]);
        }
        deviations.requireAtMost(Map.of("loss", 5e-6));
    }

    @ParameterizedTest
    @MethodSource("io.inkstream.languagemodel.EnginesUnderTest#kinds")
    void aForwardPassCarriesItsOwnState(EngineKind kind) throws IOException {
        // Given
        GoldenRun golden = GoldenRun.read("own/lstm-2layer-embedding-adam");
        Minibatch first = golden.minibatch(0);
        Minibatch second = golden.minibatch(1);
        NetworkState start = NetworkState.of(golden.shape(), golden.initialParameters());
        OptimizerSettings still = new OptimizerSettings(OptimizerRule.SGD, 1e-30, 0);
        try (TrainedNetwork network = EnginesUnderTest.open(kind).network(start, OptimizerRule.SGD)) {
            network.step(first, still, 1);
            NetworkState before = network.state();

            // When
            double sum;
            try (ForwardPass pass = network.forwardPass(first.lanes())) {
                assertThat(pass.crossEntropy(first.inputs(), first.targets()))
                        .isCloseTo(network.lossSum(), withPercentage(1e-4));
                sum = pass.crossEntropy(second.inputs(), second.targets());
            }

            // Then nothing of the network has changed, and its next step has the same loss
            assertThat(network.state()).isEqualTo(before);
            network.resetLoss();
            network.step(second, still, 2);
            assertThat(sum).isCloseTo(network.lossSum(), withPercentage(1e-4));
        }
    }
}

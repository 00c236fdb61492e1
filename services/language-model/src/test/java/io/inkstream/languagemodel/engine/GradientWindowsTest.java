package io.inkstream.languagemodel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.languagemodel.EachEngine;
import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Gradients that flow back through several windows. */
@Numerical
@EachEngine
class GradientWindowsTest {

    private static final ModelShape SHAPE = new ModelShape(Cell.GRU, 2, 6, 0, 5);
    private static final OptimizerSettings PLAIN = new OptimizerSettings(OptimizerRule.SGD, 1, 0);
    private static final int LANES = 3;
    private static final int WINDOW = 4;

    @Parameter
    EngineKind kind;

    /** The numerical derivative of the last window's loss includes every path that leads to it. */
    @Test
    void theGradientIsTheDerivativeThroughAllTheWindows() {
        // Given
        NetworkState start = NetworkState.initial(SHAPE, Initialization.PYTORCH, 3);
        List<Minibatch> windows = windows();

        // When
        NetworkState after = stepped(start, windows);

        // Then, for some parameters of every tensor
        start.parameters().forEach((name, tensor) -> {
            for (int i = 0; i < tensor.values().length; i += 1 + tensor.values().length / 5) {
                double gradient =
                        tensor.values()[i] - after.parameters().get(name).values()[i];
                assertThat(gradient).as("%s[%d]", name, i).isCloseTo(derivative(start, name, i, windows), within(2e-3));
            }
        });
    }

    @Test
    void gradientsThroughThreeWindowsDifferFromThoseThroughOne() {
        // Given
        NetworkState start = NetworkState.initial(SHAPE, Initialization.PYTORCH, 3);

        // When
        NetworkState through = stepped(start, windows());
        NetworkState detached = detached(start, windows());

        // Then
        float[] a = through.parameters().get("rnn.weight_hh_l0").values();
        float[] b = detached.parameters().get("rnn.weight_hh_l0").values();
        double difference = 0;
        for (int i = 0; i < a.length; i++) {
            difference = Math.max(difference, Math.abs(a[i] - b[i]));
        }
        assertThat(difference).isGreaterThan(1e-4);
    }

    @Test
    void theNextStepBeginsAfterTheFirstWindow() {
        // Given
        NetworkState start = NetworkState.initial(SHAPE, Initialization.PYTORCH, 3);
        List<Minibatch> windows = windows();

        // When
        NetworkState after = stepped(start, windows);

        // Then the state after the first window, with the weights of that step, is carried
        try (TrainedNetwork network = network(start)) {
            network.step(windows.get(0), PLAIN, 1);
            assertThat(after.carried().get(0).values())
                    .containsExactly(network.state().carried().get(0).values(), within(1e-6f));
        }

        // Then the start does not move while there are fewer windows than configured
        try (TrainedNetwork network = network(start)) {
            network.step(windows.subList(0, 2), false, PLAIN, 1);
            assertThat(network.state().carried().get(0).values()).containsOnly(0);
        }
    }

    private NetworkState stepped(NetworkState start, List<Minibatch> windows) {
        try (TrainedNetwork network = network(start)) {
            network.step(windows, true, PLAIN, 1);
            return network.state();
        }
    }

    /** The weights after a step on the last window alone, from the state after the windows before. */
    private NetworkState detached(NetworkState start, List<Minibatch> windows) {
        NetworkState carried;
        try (TrainedNetwork network = network(start)) {
            network.step(windows.get(0), new OptimizerSettings(OptimizerRule.SGD, 1e-30, 0), 1);
            network.step(windows.get(1), new OptimizerSettings(OptimizerRule.SGD, 1e-30, 0), 2);
            carried = network.state();
        }
        return stepped(carried, windows.subList(2, 3));
    }

    private double derivative(NetworkState start, String name, int index, List<Minibatch> windows) {
        float step = 0.01f;
        return (loss(start, name, index, step, windows) - loss(start, name, index, -step, windows)) / (2 * step);
    }

    /** The loss of the last window with one parameter changed slightly. */
    private double loss(NetworkState start, String name, int index, float by, List<Minibatch> windows) {
        float[] values = start.parameters().get(name).values();
        float before = values[index];
        values[index] = before + by;
        try (TrainedNetwork network = network(start)) {
            network.step(windows, true, PLAIN, 1);
            return network.lossSum() / windows.get(windows.size() - 1).tokens();
        } finally {
            values[index] = before;
        }
    }

    private TrainedNetwork network(NetworkState start) {
        return EnginesUnderTest.open(kind)
                .network(
                        new NetworkState(
                                start.shape(), start.parameters(), Map.of(), start.carried(), 0, Tensor.zeros(0)),
                        OptimizerRule.SGD);
    }

    private static List<Minibatch> windows() {
        Random random = new Random(11);
        Minibatch[] windows = new Minibatch[3];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = new Minibatch(
                    WINDOW,
                    LANES,
                    random.longs(LANES * WINDOW, 0, SHAPE.vocabulary()).toArray(),
                    random.longs(LANES * WINDOW, 0, SHAPE.vocabulary()).toArray(),
                    i == 0);
        }
        return Arrays.asList(windows);
    }
}

package io.inkstream.languagemodel.bptt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Gradients are the slopes of the loss, measured by central differences. */
class GradientProperties {

    /** Length of a step along a direction: long enough for 32-bit losses, short enough for their curvature. */
    private static final double STEP = 0.01;

    /** The rate is so low that no parameter changes, as what is measured is the gradient. */
    private static final OptimizerSettings MEASURING = new OptimizerSettings(OptimizerRule.SGD, 1e-30, 0);

    @Property(tries = 150)
    void areTheSlopesOfTheLoss(
            @ForAll Cell cell,
            @ForAll @IntRange(min = 1, max = 3) int layers,
            @ForAll @IntRange(min = 1, max = 40) int hidden,
            @ForAll @IntRange(max = 6) int embedding,
            @ForAll @IntRange(min = 2, max = 40) int vocabulary,
            @ForAll @IntRange(min = 1, max = 5) int lanes,
            @ForAll @IntRange(min = 1, max = 5) int window,
            @ForAll @IntRange(min = 1, max = 3) int windows,
            @ForAll long seed) {
        check(new ModelShape(cell, layers, hidden, embedding, vocabulary), lanes, window, windows, seed);
    }

    @Property(tries = 50)
    void areTheSlopesOfTheLossWhereTheHiddenStateIsTheLogits(
            @ForAll Cell cell, @ForAll @IntRange(min = 2, max = 40) int vocabulary, @ForAll long seed) {
        check(new ModelShape(cell, 1, vocabulary - 1, 0, vocabulary, Output.HIDDEN), 3, 4, 1, seed);
    }

    private static void check(ModelShape shape, int lanes, int window, int windows, long seed) {
        // Given
        Random random = new Random(seed);
        Map<String, Tensor> parameters = withoutKinks(
                NetworkState.initial(shape, Initialization.PYTORCH, seed).parameters(), shape);
        List<Minibatch> minibatches = new ArrayList<>();
        for (int i = 0; i < windows; i++) {
            int tokens = lanes * window;
            minibatches.add(new Minibatch(
                    window,
                    lanes,
                    random.longs(tokens, 0, shape.vocabulary()).toArray(),
                    random.longs(tokens, shape.output() == Output.HIDDEN ? 1 : 0, shape.vocabulary())
                            .toArray(),
                    i == 0));
        }
        Map<String, Tensor> gradients;
        double norm;
        try (BpttNetwork network =
                new JavaEngine(1).newNetwork(NetworkState.of(shape, parameters), OptimizerRule.SGD)) {
            network.step(minibatches, true, MEASURING, 1);
            gradients = network.gradients();
            norm = network.gradientNorm();
        }

        // When, for each parameter, the network is moved in a direction
        double squares = 0;
        for (Map.Entry<String, Tensor> entry : gradients.entrySet()) {
            float[] gradient = entry.getValue().values();
            double[] direction = direction(random, gradient);
            double expected = 0;
            for (int i = 0; i < gradient.length; i++) {
                expected += gradient[i] * direction[i];
                squares += (double) gradient[i] * gradient[i];
            }
            double ahead = loss(shape, moved(parameters, entry.getKey(), direction, STEP), minibatches);
            double behind = loss(shape, moved(parameters, entry.getKey(), direction, -STEP), minibatches);

            // Then the loss changes as the gradient says
            assertThat((ahead - behind) / (2 * STEP))
                    .as("%s of %s", entry.getKey(), shape)
                    .isCloseTo(expected, within(2e-4 + 0.01 * Math.abs(expected)));
        }
        assertThat(norm).isCloseTo(Math.sqrt(squares), within(1e-5 * Math.sqrt(squares) + 1e-12));
    }

    /** Moves the inputs of rectified units away from zero, where their slope jumps. */
    private static Map<String, Tensor> withoutKinks(Map<String, Tensor> parameters, ModelShape shape) {
        if (shape.cell() != Cell.RNN_RELU) {
            return parameters;
        }
        Map<String, Tensor> moved = new LinkedHashMap<>();
        parameters.forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = name.startsWith("rnn.bias") ? 0.5f : values[i] * 0.3f / shape.hidden();
            }
            moved.put(name, new Tensor(tensor.shape(), values));
        });
        return moved;
    }

    /** A direction of length one: half along the gradient, half random. */
    private static double[] direction(Random random, float[] gradient) {
        double length = 0;
        for (float element : gradient) {
            length += (double) element * element;
        }
        double[] direction = new double[gradient.length];
        double sum = 0;
        for (int i = 0; i < direction.length; i++) {
            double along = length == 0 ? 0 : gradient[i] / Math.sqrt(length);
            direction[i] = along + random.nextGaussian() / Math.sqrt(direction.length);
            sum += direction[i] * direction[i];
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] /= Math.sqrt(sum);
        }
        return direction;
    }

    private static Map<String, Tensor> moved(
            Map<String, Tensor> parameters, String name, double[] direction, double step) {
        Map<String, Tensor> moved = new LinkedHashMap<>(parameters);
        Tensor tensor = moved.get(name);
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (step * direction[i]);
        }
        moved.put(name, new Tensor(tensor.shape(), values));
        return moved;
    }

    private static double loss(ModelShape shape, Map<String, Tensor> parameters, List<Minibatch> minibatches) {
        try (BpttNetwork network =
                new JavaEngine(1).newNetwork(NetworkState.of(shape, parameters), OptimizerRule.SGD)) {
            network.step(minibatches, true, MEASURING, 1);
            return network.lossSum() / minibatches.get(0).tokens();
        }
    }
}

package io.inkstream.languagemodel.network;

import io.inkstream.languagemodel.sampling.Seeds;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * The initial values of a network's parameters, distributed according to an {@link Initialization}.
 *
 * <p>The values that belong to a token (its embedding or input column, its row of the linear layer) are drawn from a
 * generator of their own, seeded by the token's id. A network that grows therefore gets the values that it would have had
 * from the start, and what it has already learned is not changed. (Keras' bounds depend on the size of the vocabulary:
 * there, the bound for a new token is that of the vocabulary with which it was added.)
 */
public final class InitialParameters {

    private InitialParameters() {}

    /** The initial parameters of a network, by name. */
    public static Map<String, Tensor> of(ModelShape shape, Initialization initialization, long seed) {
        return grow(Map.of(), shape, initialization, seed);
    }

    /**
     * Parameters for a larger vocabulary.
     *
     * @param parameters parameters of the same network for a smaller vocabulary, or none
     * @param shape the shape to grow to
     * @return all parameters: known values kept, new ones drawn
     */
    public static Map<String, Tensor> grow(
            Map<String, Tensor> parameters, ModelShape shape, Initialization initialization, long seed) {
        Map<String, Tensor> grown = new LinkedHashMap<>();
        shape.parameterShapes().forEach((name, dimensions) -> {
            Tensor known = parameters.get(name);
            if (known == null) {
                grown.put(name, initial(name, dimensions, shape, initialization, seed));
            } else if (Arrays.equals(known.shape(), dimensions)) {
                grown.put(name, known);
            } else {
                grown.put(name, copyInto(initial(name, dimensions, shape, initialization, seed), known));
            }
        });
        return grown;
    }

    /**
     * Optimizer state for a larger vocabulary: known values kept, new ones zero.
     *
     * @param state tensors shaped as the parameters they belong to; each name ends with that parameter's name
     */
    public static Map<String, Tensor> growWithZeros(Map<String, Tensor> state, ModelShape shape) {
        Map<String, int[]> shapes = shape.parameterShapes();
        Map<String, Tensor> grown = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            String parameter = name.substring(name.indexOf('.', name.indexOf('.') + 1) + 1);
            grown.put(name, copyInto(Tensor.zeros(NamedTensors.get(shapes, parameter)), tensor));
        });
        return grown;
    }

    private static Tensor initial(
            String name, int[] dimensions, ModelShape shape, Initialization initialization, long seed) {
        Tensor tensor = Tensor.zeros(dimensions);
        boolean bias = dimensions.length == 1;
        switch (initialization) {
            case PYTORCH ->
                fill(
                        name,
                        tensor,
                        shape,
                        seed,
                        name.equals("embedding.weight") ? Draw.normal(1) : Draw.uniform(1 / Math.sqrt(shape.hidden())));
            case NORMAL -> {
                if (!bias) {
                    fill(name, tensor, shape, seed, Draw.normal(0.01));
                }
            }
            case KERAS -> keras(name, tensor, shape, seed);
        }
        return tensor;
    }

    private static void keras(String name, Tensor tensor, ModelShape shape, long seed) {
        int[] dimensions = tensor.shape();
        if (name.equals("embedding.weight")) {
            fill(name, tensor, shape, seed, Draw.uniform(0.05));
        } else if (name.startsWith("rnn.weight_hh")) {
            Orthogonal.fill(tensor, Seeds.random(seed, name, 0));
        } else if (dimensions.length == 2) {
            fill(name, tensor, shape, seed, Draw.uniform(Math.sqrt(6.0 / (dimensions[0] + dimensions[1]))));
        } else if (shape.cell() == Cell.LSTM && name.startsWith("rnn.bias_ih")) {
            Arrays.fill(tensor.values(), shape.hidden(), 2 * shape.hidden(), 1); // the forget gate starts open
        }
    }

    /** Draws every value; the values of a token from that token's generator. */
    private static void fill(String name, Tensor tensor, ModelShape shape, long seed, Draw draw) {
        float[] values = tensor.values();
        if (name.equals("rnn.weight_ih_l0") && shape.embedding() == 0) {
            for (int id = 0; id < shape.vocabulary(); id++) {
                Random random = Seeds.random(seed, name, id);
                for (int row = 0; row < tensor.shape()[0]; row++) {
                    values[row * shape.vocabulary() + id] = draw.next(random);
                }
            }
        } else if (name.equals("embedding.weight") || name.startsWith("linear.")) {
            int width = tensor.shape().length == 2 ? tensor.shape()[1] : 1;
            for (int id = 0; id < shape.vocabulary(); id++) {
                Random random = Seeds.random(seed, name, id);
                for (int i = 0; i < width; i++) {
                    values[id * width + i] = draw.next(random);
                }
            }
        } else {
            Random random = Seeds.random(seed, name, 0);
            for (int i = 0; i < values.length; i++) {
                values[i] = draw.next(random);
            }
        }
    }

    /** Writes a smaller tensor over the upper left corner of a larger one. */
    private static Tensor copyInto(Tensor larger, Tensor smaller) {
        if (Arrays.equals(smaller.shape(), larger.shape())) {
            return smaller;
        }
        int from = smaller.shape().length == 2 ? smaller.shape()[1] : 1;
        int to = larger.shape().length == 2 ? larger.shape()[1] : 1;
        for (int row = 0; row < smaller.shape()[0]; row++) {
            System.arraycopy(smaller.values(), row * from, larger.values(), row * to, from);
        }
        return larger;
    }

    /** Draws one value. */
    private interface Draw {

        float next(Random random);

        static Draw uniform(double bound) {
            return random -> (float) ((2 * random.nextDouble() - 1) * bound);
        }

        static Draw normal(double deviation) {
            return random -> (float) (random.nextGaussian() * deviation);
        }
    }
}

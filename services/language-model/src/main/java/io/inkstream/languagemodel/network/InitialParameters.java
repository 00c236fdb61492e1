package io.inkstream.languagemodel.network;

import io.inkstream.languagemodel.sampling.Seeds;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * The first values of a network's parameters, distributed as PyTorch's: uniform in [-1/√H, 1/√H] for the recurrent and
 * the linear layer, standard normal for the embedding.
 *
 * <p>What belongs to a token (its embedding or input column, its row of the linear layer) is drawn from a generator of
 * its own, seeded by the token's id. A network that grows therefore gets the very values it would have had from the
 * start, and what it already learned is not touched.
 */
public final class InitialParameters {

    private InitialParameters() {}

    /** The first parameters of a network, by name. */
    public static Map<String, Tensor> of(ModelShape shape, long seed) {
        return grow(Map.of(), shape, seed);
    }

    /**
     * Parameters for a larger vocabulary.
     *
     * @param parameters parameters of the same network for a smaller vocabulary, or none at all
     * @param shape the shape to grow to
     * @return all parameters: known values kept, new ones drawn
     */
    public static Map<String, Tensor> grow(Map<String, Tensor> parameters, ModelShape shape, long seed) {
        Map<String, Tensor> grown = new LinkedHashMap<>();
        shape.parameterShapes()
                .forEach((name, dimensions) ->
                        grown.put(name, copyInto(first(name, dimensions, shape, seed), parameters.get(name))));
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
            grown.put(name, copyInto(Tensor.zeros(shapes.get(parameter)), tensor));
        });
        return grown;
    }

    private static Tensor first(String name, int[] dimensions, ModelShape shape, long seed) {
        Tensor tensor = Tensor.zeros(dimensions);
        float[] values = tensor.values();
        double bound = 1 / Math.sqrt(shape.hidden());
        if (name.equals("embedding.weight")) {
            for (int id = 0; id < shape.vocabulary(); id++) {
                Random random = Seeds.random(seed, name, id);
                for (int i = 0; i < shape.embedding(); i++) {
                    values[id * shape.embedding() + i] = (float) random.nextGaussian();
                }
            }
        } else if (name.equals("rnn.weight_ih_l0") && shape.embedding() == 0) {
            for (int id = 0; id < shape.vocabulary(); id++) {
                Random random = Seeds.random(seed, name, id);
                for (int row = 0; row < dimensions[0]; row++) {
                    values[row * shape.vocabulary() + id] = uniform(random, bound);
                }
            }
        } else if (name.startsWith("linear.")) {
            int width = dimensions.length == 2 ? dimensions[1] : 1;
            for (int id = 0; id < shape.vocabulary(); id++) {
                Random random = Seeds.random(seed, name, id);
                for (int i = 0; i < width; i++) {
                    values[id * width + i] = uniform(random, bound);
                }
            }
        } else {
            Random random = Seeds.random(seed, name, 0);
            for (int i = 0; i < values.length; i++) {
                values[i] = uniform(random, bound);
            }
        }
        return tensor;
    }

    private static float uniform(Random random, double bound) {
        return (float) ((2 * random.nextDouble() - 1) * bound);
    }

    /** Writes a smaller tensor over the upper left corner of a larger one. */
    private static Tensor copyInto(Tensor larger, Tensor smaller) {
        if (smaller == null) {
            return larger;
        }
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
}

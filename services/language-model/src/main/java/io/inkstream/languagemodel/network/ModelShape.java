package io.inkstream.languagemodel.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shape of a recurrent language model: embedding or one-hot input, recurrent layers, and how the last hidden
 * state becomes logits.
 *
 * @param cell the recurrent cell
 * @param layers recurrent layers, at least 1
 * @param hidden hidden units H of each layer, at least 1
 * @param embedding size E of the learned embedding, or 0 for one-hot input
 * @param vocabulary number of tokens V, at least 1
 * @param output where the logits come from; with {@link Output#HIDDEN}, H must be V - 1
 */
public record ModelShape(Cell cell, int layers, int hidden, int embedding, int vocabulary, Output output) {

    /** The logit of {@code <unk>} in a network that cannot predict it: its probability is zero in 32 bits. */
    public static final float NEVER = -1e9f;

    public ModelShape {
        if (layers < 1 || hidden < 1 || embedding < 0 || vocabulary < 1) {
            throw new IllegalArgumentException(
                    "Not a valid shape of a network: layers %d, hidden %d, embedding %d, vocabulary %d"
                            .formatted(layers, hidden, embedding, vocabulary));
        }
        if (output == Output.HIDDEN && hidden != vocabulary - 1) {
            throw new IllegalArgumentException(
                    "with the hidden state as logits there must be as many hidden units as tokens: %d, not %d"
                            .formatted(vocabulary - 1, hidden));
        }
    }

    /** A network with a linear layer on top. */
    public ModelShape(Cell cell, int layers, int hidden, int embedding, int vocabulary) {
        this(cell, layers, hidden, embedding, vocabulary, Output.LINEAR);
    }

    /** Size of the vectors that go into the first layer: E, or V when tokens are fed one-hot. */
    public int inputSize() {
        return embedding > 0 ? embedding : vocabulary;
    }

    /** The same network for another vocabulary. */
    public ModelShape withVocabulary(int size) {
        return new ModelShape(cell, layers, hidden, embedding, size, output);
    }

    /**
     * Names and shapes of the parameters, as in PyTorch, in the order of a PyTorch module: {@code
     * embedding.weight} (V, E); for each layer l {@code rnn.weight_ih_l} (gates·H, input), {@code rnn.weight_hh_l}
     * (gates·H, H), {@code rnn.bias_ih_l} and {@code rnn.bias_hh_l} (gates·H); with a linear layer {@code
     * linear.weight} (V, H) and {@code linear.bias} (V).
     */
    public Map<String, int[]> parameterShapes() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        if (embedding > 0) {
            shapes.put("embedding.weight", new int[] {vocabulary, embedding});
        }
        int rows = cell.gates() * hidden;
        for (int layer = 0; layer < layers; layer++) {
            shapes.put("rnn.weight_ih_l" + layer, new int[] {rows, layer == 0 ? inputSize() : hidden});
            shapes.put("rnn.weight_hh_l" + layer, new int[] {rows, hidden});
            shapes.put("rnn.bias_ih_l" + layer, new int[] {rows});
            shapes.put("rnn.bias_hh_l" + layer, new int[] {rows});
        }
        if (output == Output.LINEAR) {
            shapes.put("linear.weight", new int[] {vocabulary, hidden});
            shapes.put("linear.bias", new int[] {vocabulary});
        }
        return shapes;
    }

    /** Number of scalar parameters. */
    public long parameterCount() {
        return parameterShapes().values().stream().mapToLong(Tensor::size).sum();
    }

    /**
     * Checks that these are the parameters of this network.
     *
     * @throws IllegalArgumentException naming the parameter that is missing, unexpected or of another shape
     */
    public void check(Map<String, Tensor> parameters) {
        Map<String, int[]> shapes = parameterShapes();
        shapes.forEach((name, shape) -> {
            Tensor parameter = NamedTensors.get(parameters, name);
            if (!Arrays.equals(parameter.shape(), shape)) {
                throw new IllegalArgumentException("Parameter %s has the shape %s instead of %s"
                        .formatted(name, Arrays.toString(parameter.shape()), Arrays.toString(shape)));
            }
        });
        parameters.keySet().stream()
                .filter(name -> !shapes.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("%s is not a parameter of this network".formatted(name));
                });
    }
}

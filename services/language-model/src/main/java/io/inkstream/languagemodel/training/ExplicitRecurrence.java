package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.network.ModelShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The recurrence written out, as one would from scratch: for each layer one matrix product takes the input of all time
 * steps to the gates, and then, step by step, another adds what the hidden state contributes. The gradient is autograd's.
 * The equations are those of {@link io.inkstream.languagemodel.network.Cell}; the parameters are the native layers' own.
 */
final class ExplicitRecurrence implements Recurrence {

    private final ModelShape shape;
    private final List<Layer> layers = new ArrayList<>();

    /** The parameters of one layer: (gates·H, input), (gates·H, H), and two biases (gates·H). */
    private record Layer(NDArray weightIh, NDArray weightHh, NDArray biasIh, NDArray biasHh) {}

    ExplicitRecurrence(ModelShape shape, Map<String, NDArray> parameters) {
        this.shape = shape;
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(new Layer(
                    parameters.get("rnn.weight_ih_l" + layer),
                    parameters.get("rnn.weight_hh_l" + layer),
                    parameters.get("rnn.bias_ih_l" + layer),
                    parameters.get("rnn.bias_hh_l" + layer)));
        }
    }

    @Override
    public NDList ofTokens(NDArray tokens, NDList state) {
        Layer first = layers.get(0);
        // A one-hot vector times a matrix is one of its rows.
        NDArray rows = JniUtils.embedding(
                (PtNDArray) tokens.reshape(-1), (PtNDArray) first.weightIh().transpose(), false);
        return ofGates(rows.add(first.biasIh()), tokens.getShape().get(1), state);
    }

    @Override
    public NDList ofVectors(NDArray vectors, NDList state) {
        NDArray rows = vectors.reshape(-1, shape.inputSize());
        return ofGates(inputGates(layers.get(0), rows), vectors.getShape().get(1), state);
    }

    /**
     * All layers.
     *
     * @param inputGates what the input of all time steps contributes to the first layer's gates, (T·B, gates·H)
     */
    private NDList ofGates(NDArray inputGates, long lanes, NDList state) {
        NDArray gates = inputGates;
        NDArray output = null;
        NDList hidden = new NDList();
        NDList cells = new NDList();
        for (int i = 0; i < layers.size(); i++) {
            if (i > 0) {
                gates = inputGates(layers.get(i), output);
            }
            NDArray h = state.get(0).get(i);
            NDArray c = shape.cell().hasCellState() ? state.get(1).get(i) : null;
            NDList outputs = new NDList();
            for (NDArray step : JniUtils.split((PtNDArray) gates, lanes, 0)) {
                switch (shape.cell()) {
                    case RNN_TANH -> h = step.add(hiddenGates(layers.get(i), h)).tanh();
                    case RNN_RELU ->
                        h = step.add(hiddenGates(layers.get(i), h))
                                .getNDArrayInternal()
                                .relu();
                    case GRU -> h = gru(step, hiddenGates(layers.get(i), h), h);
                    case LSTM -> {
                        NDList next = lstm(step.add(hiddenGates(layers.get(i), h)), c);
                        h = next.get(0);
                        c = next.get(1);
                    }
                }
                outputs.add(h);
            }
            output = joined(outputs);
            hidden.add(h);
            if (c != null) {
                cells.add(c);
            }
        }
        NDList result = new NDList(output, NDArrays.stack(hidden));
        if (!cells.isEmpty()) {
            result.add(NDArrays.stack(cells));
        }
        return result;
    }

    /** r = σ(x_r + h_r), z = σ(x_z + h_z), n = tanh(x_n + r ⊙ h_n), h' = (1 - z) ⊙ n + z ⊙ h. */
    private NDArray gru(NDArray x, NDArray fromHidden, NDArray h) {
        NDList xs = gates(x);
        NDList hs = gates(fromHidden);
        NDArray reset = JniUtils.sigmoid((PtNDArray) xs.get(0).add(hs.get(0)));
        NDArray update = JniUtils.sigmoid((PtNDArray) xs.get(1).add(hs.get(1)));
        NDArray candidate = xs.get(2).add(reset.mul(hs.get(2))).tanh();
        return candidate.add(update.mul(h.sub(candidate)));
    }

    /** i, f, o = σ(…), g = tanh(…), c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c'). */
    private NDList lstm(NDArray sums, NDArray c) {
        NDList gates = gates(sums);
        NDArray in = JniUtils.sigmoid((PtNDArray) gates.get(0));
        NDArray forget = JniUtils.sigmoid((PtNDArray) gates.get(1));
        NDArray candidate = gates.get(2).tanh();
        NDArray out = JniUtils.sigmoid((PtNDArray) gates.get(3));
        NDArray cell = forget.mul(c).add(in.mul(candidate));
        return new NDList(out.mul(cell.tanh()), cell);
    }

    /** (N, gates·H) as one (N, H) for each gate. */
    private NDList gates(NDArray all) {
        return JniUtils.split((PtNDArray) all, shape.hidden(), 1);
    }

    /** The rows of all time steps, one after another. DJL copies a single array, and its copy knows of no gradient. */
    private static NDArray joined(NDList outputs) {
        return outputs.size() == 1 ? outputs.get(0) : NDArrays.concat(outputs, 0);
    }

    private static NDArray inputGates(Layer layer, NDArray input) {
        return JniUtils.linear((PtNDArray) input, (PtNDArray) layer.weightIh(), (PtNDArray) layer.biasIh());
    }

    private static NDArray hiddenGates(Layer layer, NDArray h) {
        return JniUtils.linear((PtNDArray) h, (PtNDArray) layer.weightHh(), (PtNDArray) layer.biasHh());
    }
}

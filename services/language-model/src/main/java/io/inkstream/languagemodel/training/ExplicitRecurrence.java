package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NamedTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The recurrence written out, as in an implementation from scratch: for each layer one matrix product maps the input of
 * all time steps to the gates, and then, step by step, another adds the contribution of the hidden state. The gradient is autograd's.
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
                    NamedTensors.get(parameters, "rnn.weight_ih_l" + layer),
                    NamedTensors.get(parameters, "rnn.weight_hh_l" + layer),
                    NamedTensors.get(parameters, "rnn.bias_ih_l" + layer),
                    NamedTensors.get(parameters, "rnn.bias_hh_l" + layer)));
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
     * Runs all layers.
     *
     * @param firstGates the input's contribution to the first layer's gates, at all time steps, (T·B, gates·H)
     */
    private NDList ofGates(NDArray firstGates, long lanes, NDList state) {
        List<NDList> after = new ArrayList<>();
        NDArray output = runLayer(0, firstGates, lanes, state, after);
        for (int i = 1; i < layers.size(); i++) {
            output = runLayer(i, inputGates(layers.get(i), output), lanes, state, after);
        }
        NDList result = new NDList(output);
        for (int kind = 0; kind < state.size(); kind++) {
            NDList ofLayers = new NDList();
            for (NDList layer : after) {
                ofLayers.add(layer.get(kind));
            }
            result.add(NDArrays.stack(ofLayers));
        }
        return result;
    }

    /**
     * Runs one layer over all time steps.
     *
     * @param gates the input's contribution to its gates, (T·B, gates·H)
     * @param after the layer's state after the last time step is added here
     * @return its outputs (T·B, H)
     */
    private NDArray runLayer(int index, NDArray gates, long lanes, NDList state, List<NDList> after) {
        NDList current = new NDList();
        for (NDArray ofLayers : state) {
            current.add(ofLayers.get(index));
        }
        NDList outputs = new NDList();
        for (NDArray step : JniUtils.split((PtNDArray) gates, lanes, 0)) {
            current = next(layers.get(index), step, current);
            outputs.add(current.get(0));
        }
        after.add(current);
        return joined(outputs);
    }

    /** One time step of one layer: the hidden state after it, and for an LSTM the cell state. */
    private NDList next(Layer layer, NDArray step, NDList state) {
        NDArray h = state.get(0);
        NDArray fromHidden = hiddenGates(layer, h);
        return switch (shape.cell()) {
            case RNN_TANH -> new NDList(step.add(fromHidden).tanh());
            case RNN_RELU ->
                new NDList(step.add(fromHidden).getNDArrayInternal().relu());
            case GRU -> new NDList(gru(step, fromHidden, h));
            case LSTM -> lstm(step.add(fromHidden), state.get(1));
        };
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

    /** The rows of all time steps, one after another. DJL copies a single array, and its copy is detached from the gradient. */
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

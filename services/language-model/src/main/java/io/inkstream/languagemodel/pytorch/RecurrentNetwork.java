package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NamedTensors;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.network.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A recurrent language model on a device: embedding or one-hot input, recurrent layers, and how the last hidden state
 * becomes logits. Used by one thread at a time.
 */
final class RecurrentNetwork implements AutoCloseable {

    private final ModelShape shape;
    private final NDManager manager;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final RecurrentLayers layers;

    /**
     * Copies parameters to a device.
     *
     * @param parent owner of the device memory
     * @param values one tensor for each of the shape's parameters
     */
    RecurrentNetwork(NDManager parent, ModelShape shape, Map<String, Tensor> values) {
        shape.check(values);
        this.shape = shape;
        this.manager = parent.newSubManager();
        shape.parameterShapes().keySet().forEach(name -> {
            NDArray parameter = DeviceTensors.copy(manager, NamedTensors.get(values, name));
            parameter.setRequiresGradient(true);
            parameters.put(name, parameter);
        });
        this.layers = new RecurrentLayers(shape, parameters);
    }

    ModelShape shape() {
        return shape;
    }

    /** The parameters by name, in the shape's order. */
    Map<String, NDArray> parameters() {
        return parameters;
    }

    /** A zero state for B lanes: hidden (L, B, H), and for an LSTM the cell state (L, B, H). */
    NDList zeroState(NDManager owner, int lanes) {
        Shape size = new Shape(shape.layers(), lanes, shape.hidden());
        NDList state = new NDList(owner.zeros(size));
        if (shape.cell().hasCellState()) {
            state.add(owner.zeros(size));
        }
        return state;
    }

    /**
     * The forward pass up to the last hidden states.
     *
     * @param tokens token ids (T, B), 64-bit
     * @param state the state before the first time step, shaped as {@link #zeroState}
     * @return the hidden states of the last layer (T·B, H), then the state after the last time step
     */
    NDList hiddenStates(NDArray tokens, NDList state) {
        if (shape.embedding() == 0) {
            return layers.ofTokens(tokens, state);
        }
        return layers.ofVectors(
                JniUtils.embedding(
                        (PtNDArray) tokens, (PtNDArray) NamedTensors.get(parameters, "embedding.weight"), false),
                state);
    }

    /**
     * The mean cross-entropy, in nats.
     *
     * @param hidden hidden states of the last layer (N, H)
     * @param targets token ids (N, 1), 64-bit
     */
    NDArray crossEntropy(NDArray hidden, NDArray targets) {
        return logits(hidden).logSoftmax(1).gather(targets, 1).mean().neg();
    }

    /** Hidden states of the last layer (N, H) to logits (N, V). */
    NDArray logits(NDArray hidden) {
        if (shape.output() == Output.HIDDEN) {
            NDArray never = hidden.getManager().full(new Shape(hidden.getShape().get(0), 1), ModelShape.NEVER);
            return NDArrays.concat(new NDList(never, hidden), 1);
        }
        NDArray weight = NamedTensors.get(parameters, "linear.weight");
        NDArray bias = NamedTensors.get(parameters, "linear.bias");
        return JniUtils.linear((PtNDArray) hidden, (PtNDArray) weight, (PtNDArray) bias);
    }

    /** Copies the parameters to the heap. */
    Map<String, Tensor> values() {
        Map<String, Tensor> values = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> values.put(name, DeviceTensors.read(parameter)));
        return values;
    }

    @Override
    public void close() {
        manager.close();
    }
}

package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.recurrent.RNN;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A recurrent language model on a device: embedding or one-hot input, PyTorch's native recurrent layers, linear layer.
 * Used by one thread at a time.
 */
final class RecurrentNetwork implements AutoCloseable {

    private final ModelShape shape;
    private final NDManager manager;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final NDList recurrent = new NDList();

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
            NDArray parameter = DeviceTensors.copy(manager, values.get(name));
            parameter.setRequiresGradient(true);
            parameters.put(name, parameter);
            if (name.startsWith("rnn.")) {
                recurrent.add(parameter);
            }
        });
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
     * The forward pass.
     *
     * @param tokens token ids (T, B), 64-bit
     * @param state the state before the first time step, as {@link #zeroState} has it
     * @return logits (T·B, V), then the state after the last time step
     */
    NDList forward(NDArray tokens, NDList state) {
        NDArray input = shape.embedding() > 0
                ? JniUtils.embedding((PtNDArray) tokens, (PtNDArray) parameters.get("embedding.weight"), false)
                : tokens.oneHot(shape.vocabulary(), DataType.FLOAT32);
        NDList result = recurrent(input, state);
        NDArray output = result.get(0);
        NDArray logits = JniUtils.linear(
                (PtNDArray) output.reshape(-1, shape.hidden()), (PtNDArray) parameters.get("linear.weight"), (PtNDArray)
                        parameters.get("linear.bias"));
        return new NDList(logits).addAll(result.subNDList(1));
    }

    private NDList recurrent(NDArray input, NDList state) {
        int layers = shape.layers();
        Cell cell = shape.cell();
        return switch (cell) {
            case RNN_TANH, RNN_RELU -> {
                RNN.Activation activation = cell == Cell.RNN_TANH ? RNN.Activation.TANH : RNN.Activation.RELU;
                yield input.getNDArrayInternal()
                        .rnn(input, state.get(0), recurrent, true, layers, activation, 0, true, false, false);
            }
            case GRU ->
                input.getNDArrayInternal().gru(input, state.get(0), recurrent, true, layers, 0, true, false, false);
            case LSTM -> input.getNDArrayInternal().lstm(input, state, recurrent, true, layers, 0, true, false, false);
        };
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

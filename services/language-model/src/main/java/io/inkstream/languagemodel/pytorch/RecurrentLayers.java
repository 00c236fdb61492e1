package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.recurrent.RNN;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import java.util.Map;

/**
 * The recurrent layers of a network over all time steps of a window: PyTorch's own, one native call for all steps and layers,
 * by cuDNN on a GPU. Both methods take the state before the first time step, hidden (L, B, H) and for an LSTM the cell state
 * (L, B, H), and return the outputs (T·B, H) of the last layer, then the state after the last time step.
 */
final class RecurrentLayers {

    private final ModelShape shape;
    private final NDList weights = new NDList();

    /**
     * The layers with these parameters.
     *
     * @param parameters on the device, by PyTorch's names
     */
    RecurrentLayers(ModelShape shape, Map<String, NDArray> parameters) {
        this.shape = shape;
        parameters.forEach((name, parameter) -> {
            if (name.startsWith("rnn.")) {
                weights.add(parameter);
            }
        });
    }

    /**
     * One-hot input.
     *
     * @param tokens token ids (T, B), 64-bit
     */
    NDList ofTokens(NDArray tokens, NDList state) {
        return ofVectors(tokens.oneHot(shape.vocabulary(), DataType.FLOAT32), state);
    }

    /**
     * Dense input.
     *
     * @param vectors (T, B, E)
     */
    NDList ofVectors(NDArray vectors, NDList state) {
        NDList result = layers(vectors, state);
        return new NDList(result.get(0).reshape(-1, shape.hidden())).addAll(result.subNDList(1));
    }

    private NDList layers(NDArray input, NDList state) {
        int layers = shape.layers();
        Cell cell = shape.cell();
        return switch (cell) {
            case RNN_TANH, RNN_RELU -> {
                RNN.Activation activation = cell == Cell.RNN_TANH ? RNN.Activation.TANH : RNN.Activation.RELU;
                yield input.getNDArrayInternal()
                        .rnn(input, state.get(0), weights, true, layers, activation, 0, true, false, false);
            }
            case GRU ->
                input.getNDArrayInternal().gru(input, state.get(0), weights, true, layers, 0, true, false, false);
            case LSTM -> input.getNDArrayInternal().lstm(input, state, weights, true, layers, 0, true, false, false);
        };
    }
}

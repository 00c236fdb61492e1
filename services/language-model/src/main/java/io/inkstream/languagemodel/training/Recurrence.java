package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.inkstream.languagemodel.network.Implementation;
import io.inkstream.languagemodel.network.ModelShape;
import java.util.Map;

/**
 * The recurrent layers of a network, over all time steps of a window. Both methods take the state before the first time
 * step, hidden (L, B, H) and for an LSTM the cell state (L, B, H), and return the outputs (T·B, H) of the last layer, then
 * the state after the last time step.
 */
interface Recurrence {

    /**
     * One-hot input.
     *
     * @param tokens token ids (T, B), 64-bit
     */
    NDList ofTokens(NDArray tokens, NDList state);

    /**
     * Dense input.
     *
     * @param vectors (T, B, E)
     */
    NDList ofVectors(NDArray vectors, NDList state);

    /**
     * The layers with these parameters.
     *
     * @param parameters on the device, by PyTorch's names
     */
    static Recurrence of(Implementation implementation, ModelShape shape, Map<String, NDArray> parameters) {
        return switch (implementation) {
            case NATIVE -> new NativeRecurrence(shape, parameters);
            case EXPLICIT -> new ExplicitRecurrence(shape, parameters);
        };
    }
}

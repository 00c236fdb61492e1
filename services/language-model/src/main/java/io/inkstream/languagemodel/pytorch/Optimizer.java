package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.Map;

/** Updates parameters from their gradients, in place. */
interface Optimizer extends AutoCloseable {

    /**
     * The optimizer of a network.
     *
     * @param parent owner of the device memory
     * @param parameters the network's parameters
     * @param state as {@link #state} returned it, or empty for a new network
     */
    static Optimizer of(
            OptimizerRule rule, NDManager parent, Map<String, NDArray> parameters, Map<String, Tensor> state) {
        return switch (rule) {
            case SGD -> new Sgd();
            case ADAM -> new Adam(parent, parameters, state);
        };
    }

    /**
     * Updates one parameter.
     *
     * @param name its name
     * @param parameter changed in place
     * @param gradient of the same shape
     * @param learningRate step size
     * @param step number of the optimizer step, from 1
     */
    void update(String name, NDArray parameter, NDArray gradient, double learningRate, long step);

    /** Copies the state to the heap: {@code optimizer.<what>.<parameter>}; empty when the rule has none. */
    Map<String, Tensor> state();

    @Override
    void close();
}

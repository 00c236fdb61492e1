package io.inkstream.languagemodel.engine;

import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.util.List;

/**
 * A network on the device of an {@link Engine}, with what is carried from step to step. It learns by truncated
 * backpropagation through time (Williams and Peng 1990): gradients flow back to the start of the window, the hidden state is
 * carried from window to window. Gradients may also flow back through several windows; then each step runs over all of them,
 * from the state at the start of the first, and learns from the loss of the last.
 *
 * <p>One step: forward pass, mean cross-entropy, backward pass, clipping by the global L2 norm, update. Used by one thread.
 */
public interface TrainedNetwork extends AutoCloseable {

    /** The number of losses that {@link #stepLosses} keeps: 256 KB. */
    int MAX_STEP_LOSSES = 65_536;

    /** The engine that computes it. */
    Engine engine();

    /** The network's shape. */
    ModelShape shape();

    /**
     * Trains on the last of these minibatches; gradients flow back to the start of the first. Where that has a fresh state,
     * and before the first step, the hidden state is zero; else it is the one that was carried.
     *
     * @param windows minibatches that follow each other in the text, oldest first
     * @param moveOn true: the next step starts after the first of them; false: where this one started
     * @param settings step size and clipping
     * @param step number of the optimizer step, from 1
     */
    void step(List<Minibatch> windows, boolean moveOn, OptimizerSettings settings, long step);

    /** Trains on one minibatch; gradients flow back to its start. */
    default void step(Minibatch minibatch, OptimizerSettings settings, long step) {
        step(List.of(minibatch), true, settings, step);
    }

    /**
     * Begins to run over other text, from a zero state. What is carried from step to step is not changed. There is no step
     * before it is closed.
     *
     * @param lanes sequences B
     */
    ForwardPass forwardPass(int lanes);

    /** Sum of the cross-entropy over the tokens since {@link #resetLoss}, in nats; waits for the device. */
    double lossSum();

    /**
     * Mean cross-entropy of each of the first {@value #MAX_STEP_LOSSES} steps since {@link #resetLoss}, in nats, (n); waits
     * for the device.
     */
    Tensor stepLosses();

    /** Resets the sum and the losses of the steps. */
    void resetLoss();

    /** Global L2 norm of the last gradient before clipping; NaN before the first step; waits for the device. */
    double gradientNorm();

    /** Copies everything that is carried from step to step to the heap; waits for the device. */
    NetworkState state();

    /** Releases the network and its forward passes. */
    @Override
    void close();
}

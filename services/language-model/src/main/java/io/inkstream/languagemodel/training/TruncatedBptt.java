package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.corpus.TokenSource;
import io.inkstream.languagemodel.network.Implementation;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NamedTensors;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Truncated backpropagation through time (Williams and Peng 1990): gradients flow back to the start of the window, the
 * hidden state is carried from window to window. Gradients may also flow back through several windows; then each step runs
 * over all of them, from the state at the start of the first, and learns from the loss of the last.
 *
 * <p>One step: forward pass, mean cross-entropy, backward pass, clipping by the global L2 norm, update. Loss and
 * gradient norm stay on the device until they are asked for. Used by one thread. The gradient mode is set on that thread
 * directly, because DJL has one gradient collector for the whole JVM.
 */
public final class TruncatedBptt implements AutoCloseable {

    private final NDManager manager;
    private final Implementation implementation;
    private final RecurrentNetwork network;
    private final Optimizer optimizer;

    /** Empty before the first step. */
    private NDList state;

    private final StepLosses stepLosses;
    private NDArray lossSum;
    private NDArray gradientNorm;

    /**
     * Puts a network and its state on a device.
     *
     * @param state everything that is carried from step to step
     * @param rule the update rule
     * @param implementation how the recurrence is computed
     */
    public TruncatedBptt(ComputeDevice device, OptimizerRule rule, Implementation implementation, NetworkState state) {
        this.manager = NDManager.newBaseManager(device.device(), "PyTorch");
        this.implementation = implementation;
        this.network = new RecurrentNetwork(manager, state.shape(), state.parameters(), implementation);
        this.optimizer = Optimizer.of(rule, manager, network.parameters(), state.optimizer());
        this.lossSum = manager.create(state.lossSum());
        this.stepLosses = new StepLosses(state.stepLosses());
        this.gradientNorm = manager.create(Float.NaN);
        this.state = new NDList(state.carried().stream()
                .map(tensor -> DeviceTensors.copy(manager, tensor))
                .toList());
    }

    /** The network's shape. */
    public ModelShape shape() {
        return network.shape();
    }

    /** How the recurrence is computed. */
    Implementation implementation() {
        return implementation;
    }

    /**
     * Trains on one minibatch; gradients flow back to its start.
     *
     * @param settings step size and clipping
     * @param step number of the optimizer step, from 1
     */
    public void step(Minibatch minibatch, OptimizerSettings settings, long step) {
        step(List.of(minibatch), true, settings, step);
    }

    /**
     * Trains on the last of these minibatches; gradients flow back to the start of the first.
     *
     * @param windows minibatches that follow each other in the text, oldest first
     * @param moveOn true: the next step starts after the first of them; false: where this one started
     * @param settings step size and clipping
     * @param step number of the optimizer step, from 1
     */
    public void step(List<Minibatch> windows, boolean moveOn, OptimizerSettings settings, long step) {
        Minibatch last = windows.get(windows.size() - 1);
        try (NDScope scope = new NDScope();
                NDManager scratch = manager.newSubManager()) {
            scope.suppressNotUsedWarning();
            if (windows.get(0).freshState() || state.isEmpty()) {
                carry(network.zeroState(scratch, last.lanes()));
            }
            NDArray loss = gradients(scratch, windows, moveOn);
            replaceLossSum(lossSum.add(loss.toType(DataType.FLOAT64, false).mul(last.tokens())));
            if (stepLosses.hasRoom()) {
                stepLosses.add(keep(loss.stopGradient()));
            }
            update(scratch, settings, step);
        }
    }

    /**
     * Starts to evaluate the network on other text. The carried state, the loss and the gradient norm are not changed.
     *
     * @param text at least 2 tokens, all of which the network knows
     * @param maxLanes lanes of a minibatch
     * @param window time steps of a window
     */
    Evaluation evaluation(TokenSource text, int maxLanes, int window) {
        return new Evaluation(network, manager, text, maxLanes, window);
    }

    /** Sum of the cross-entropy over the tokens since {@link #resetLoss}, in nats; waits for the device. */
    public double lossSum() {
        return lossSum.toDoubleArray()[0];
    }

    /** Mean cross-entropy of each of the first steps since {@link #resetLoss}, in nats; waits for the device. */
    public Tensor stepLosses() {
        return stepLosses.read();
    }

    /** Resets the sum and the losses of the steps. */
    public void resetLoss() {
        stepLosses.clear();
        lossSum.close();
        lossSum = manager.create(0.0);
    }

    /** Global L2 norm of the last gradient before clipping; NaN before the first step; waits for the device. */
    public double gradientNorm() {
        return gradientNorm.toFloatArray()[0];
    }

    /** Copies everything that is carried from step to step to the heap; waits for the device. */
    public NetworkState state() {
        List<Tensor> carried = new ArrayList<>();
        state.forEach(tensor -> carried.add(DeviceTensors.read(tensor)));
        return new NetworkState(network.shape(), network.values(), optimizer.state(), carried, lossSum(), stepLosses());
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Forward and backward pass; leaves the gradients in the parameters and returns the mean loss. */
    private NDArray gradients(NDManager scratch, List<Minibatch> windows, boolean moveOn) {
        JniUtils.setGradMode(true); // of this thread
        try {
            NDList first = forward(scratch, windows.get(0), state);
            NDList result = first;
            for (Minibatch window : windows.subList(1, windows.size())) {
                result = forward(scratch, window, result.subNDList(1));
            }
            Minibatch last = windows.get(windows.size() - 1);
            NDArray targets = scratch.create(last.targets(), new Shape(last.tokens(), 1));
            NDArray loss = network.crossEntropy(result.get(0), targets);
            JniUtils.backward((PtNDArray) loss, (PtNDArray) scratch.ones(new Shape()), false, false);
            if (moveOn) {
                carry(first.subNDList(1));
            }
            return loss;
        } finally {
            JniUtils.setGradMode(false); // parameters are changed in place, outside any graph
        }
    }

    /** The hidden states of the last layer over a window, then the state after it. */
    private NDList forward(NDManager scratch, Minibatch window, NDList before) {
        return network.hiddenStates(
                scratch.create(window.inputs(), new Shape(window.window(), window.lanes())), before);
    }

    private void update(NDManager scratch, OptimizerSettings settings, long step) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        NDArray squares = scratch.zeros(new Shape());
        network.parameters().forEach((name, parameter) -> {
            NDArray gradient = parameter.getGradient();
            gradients.put(name, gradient);
            squares.addi(gradient.square().sum());
        });
        NDArray norm = squares.sqrt();
        keepGradientNorm(norm);
        double clip = settings.clip();
        if (clip > 0) {
            // exactly 1 for a short gradient, so that there is no branch that waits for the device
            NDArray scale = scratch.create((float) clip).div(norm.maximum(clip));
            gradients.values().forEach(gradient -> gradient.muli(scale));
        }
        gradients.forEach((name, gradient) -> {
            optimizer.update(
                    name, NamedTensors.get(network.parameters(), name), gradient, settings.learningRate(), step);
            gradient.muli(0); // backward accumulates
        });
    }

    private void carry(NDList next) {
        state.close();
        NDList detached = new NDList();
        for (NDArray tensor : next) {
            detached.add(keep(tensor.stopGradient()));
        }
        state = detached;
    }

    private void replaceLossSum(NDArray next) {
        lossSum.close();
        lossSum = keep(next);
    }

    private void keepGradientNorm(NDArray norm) {
        gradientNorm.close();
        gradientNorm = keep(norm);
    }

    /** Takes an array out of the step's scope: it lives until it is replaced. */
    private NDArray keep(NDArray array) {
        NDScope.unregister(array);
        array.attach(manager);
        return array;
    }
}

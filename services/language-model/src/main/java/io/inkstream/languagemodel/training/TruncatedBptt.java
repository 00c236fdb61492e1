package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.checkpoint.NetworkState;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Truncated backpropagation through time (Williams and Peng 1990): gradients flow back to the start of the window, the
 * hidden state flows on from window to window.
 *
 * <p>One step: forward pass, mean cross-entropy, backward pass, clipping by the global L2 norm, update. Loss and
 * gradient norm stay on the device until they are asked for. Used by one thread. The gradient mode is set on that thread
 * directly, because DJL's gradient collector is one for the whole JVM.
 */
public final class TruncatedBptt implements AutoCloseable {

    private final NDManager manager;
    private final RecurrentNetwork network;
    private final Optimizer optimizer;
    private NDList state;
    private NDArray lossSum;
    private NDArray gradientNorm;

    /**
     * Puts a network and its state on a device.
     *
     * @param state everything that training carries from step to step
     * @param rule the update rule
     */
    public TruncatedBptt(ComputeDevice device, OptimizerRule rule, NetworkState state) {
        this.manager = NDManager.newBaseManager(device.device(), "PyTorch");
        this.network = new RecurrentNetwork(manager, state.shape(), state.parameters());
        this.optimizer = Optimizer.of(rule, manager, network.parameters(), state.optimizer());
        this.lossSum = manager.create(state.lossSum());
        this.gradientNorm = manager.create(Float.NaN);
        if (!state.carried().isEmpty()) {
            this.state = new NDList(state.carried().stream()
                    .map(tensor -> DeviceTensors.copy(manager, tensor))
                    .toList());
        }
    }

    /** The network's shape. */
    public ModelShape shape() {
        return network.shape();
    }

    /**
     * Trains on one minibatch.
     *
     * @param learningRate step size
     * @param clip upper bound of the gradient's global L2 norm; 0: none
     * @param step which optimizer step this is, from 1
     */
    public void step(Minibatch minibatch, double learningRate, double clip, long step) {
        try (NDScope scope = new NDScope();
                NDManager scratch = manager.newSubManager()) {
            scope.suppressNotUsedWarning();
            if (minibatch.freshState() || state == null) {
                carry(network.zeroState(scratch, minibatch.lanes()));
            }
            NDArray loss = gradients(scratch, minibatch);
            replaceLossSum(lossSum.add(loss.toType(DataType.FLOAT64, false).mul(minibatch.tokens())));
            update(scratch, learningRate, clip, step);
        }
    }

    /** Sum of the cross-entropy over the tokens since {@link #resetLoss}, in nats; waits for the device. */
    public double lossSum() {
        return lossSum.toDoubleArray()[0];
    }

    /** Starts the sum anew. */
    public void resetLoss() {
        lossSum.close();
        lossSum = manager.create(0.0);
    }

    /** Global L2 norm of the last gradient before clipping; NaN before the first step; waits for the device. */
    public double gradientNorm() {
        return gradientNorm.toFloatArray()[0];
    }

    /** Copies everything that training carries from step to step to the heap; waits for the device. */
    public NetworkState state() {
        List<Tensor> carried = new ArrayList<>();
        if (state != null) {
            state.forEach(tensor -> carried.add(DeviceTensors.read(tensor)));
        }
        return new NetworkState(network.shape(), network.values(), optimizer.state(), carried, lossSum());
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Forward and backward pass; leaves the gradients with the parameters and returns the mean loss. */
    private NDArray gradients(NDManager scratch, Minibatch minibatch) {
        JniUtils.setGradMode(true); // of this thread
        try {
            Shape size = new Shape(minibatch.window(), minibatch.lanes());
            NDList result = network.forward(scratch.create(minibatch.inputs(), size), state);
            NDArray targets = scratch.create(minibatch.targets(), new Shape(minibatch.tokens(), 1));
            NDArray loss = result.get(0).logSoftmax(1).gather(targets, 1).mean().neg();
            JniUtils.backward((PtNDArray) loss, (PtNDArray) scratch.ones(new Shape()), false, false);
            carry(result.subNDList(1));
            return loss;
        } finally {
            JniUtils.setGradMode(false); // parameters are changed in place, which no graph may see
        }
    }

    private void update(NDManager scratch, double learningRate, double clip, long step) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        NDArray squares = scratch.zeros(new Shape());
        network.parameters().forEach((name, parameter) -> {
            NDArray gradient = parameter.getGradient();
            gradients.put(name, gradient);
            squares.addi(gradient.square().sum());
        });
        NDArray norm = squares.sqrt();
        keepGradientNorm(norm);
        if (clip > 0) {
            // exactly 1 for a short gradient, so nothing has to wait for the device to decide
            NDArray scale = scratch.create((float) clip).div(norm.maximum(clip));
            gradients.values().forEach(gradient -> gradient.muli(scale));
        }
        gradients.forEach((name, gradient) -> {
            optimizer.update(name, network.parameters().get(name), gradient, learningRate, step);
            gradient.muli(0); // backward adds to what is there
        });
    }

    private void carry(NDList next) {
        if (state != null) {
            state.close();
        }
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

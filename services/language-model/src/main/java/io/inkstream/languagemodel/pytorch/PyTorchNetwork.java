package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.ForwardPass;
import io.inkstream.languagemodel.engine.TrainedNetwork;
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
 * Truncated backpropagation through time on PyTorch, by its autograd. Loss and gradient norm stay on the device until they are
 * asked for. The gradient mode is set on the calling thread directly, because DJL has one gradient collector for the whole JVM.
 */
final class PyTorchNetwork implements TrainedNetwork {

    private final PyTorchEngine engine;
    private final NDManager manager;
    private final RecurrentNetwork network;
    private final Optimizer optimizer;

    /** Empty before the first step. */
    private NDList state;

    private final DeviceLosses stepLosses;
    private NDArray lossSum;
    private NDArray gradientNorm;

    PyTorchNetwork(PyTorchEngine engine, OptimizerRule rule, NetworkState state) {
        this.engine = engine;
        this.manager = engine.newMemory();
        this.network = new RecurrentNetwork(manager, state.shape(), state.parameters());
        this.optimizer = Optimizer.of(rule, manager, network.parameters(), state.optimizer());
        this.lossSum = manager.create(state.lossSum());
        this.stepLosses = new DeviceLosses(state.stepLosses());
        this.gradientNorm = manager.create(Float.NaN);
        this.state = new NDList(state.carried().stream()
                .map(tensor -> DeviceTensors.copy(manager, tensor))
                .toList());
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public ModelShape shape() {
        return network.shape();
    }

    @Override
    public void step(List<Minibatch> windows, boolean moveOn, OptimizerSettings settings, long step) {
        engine.useThreads();
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

    @Override
    public ForwardPass forwardPass(int lanes) {
        return new PyTorchForwardPass(engine, network, manager, lanes);
    }

    @Override
    public double lossSum() {
        return lossSum.toDoubleArray()[0];
    }

    @Override
    public Tensor stepLosses() {
        return stepLosses.read();
    }

    @Override
    public void resetLoss() {
        stepLosses.clear();
        lossSum.close();
        lossSum = manager.create(0.0);
    }

    @Override
    public double gradientNorm() {
        return gradientNorm.toFloatArray()[0];
    }

    @Override
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

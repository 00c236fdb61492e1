package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.engine.ForwardPass;

/** A forward pass on PyTorch, without gradients. */
final class PyTorchForwardPass implements ForwardPass {

    private final PyTorchEngine engine;
    private final RecurrentNetwork network;
    private final NDManager manager;
    private final int lanes;
    private NDList state;

    PyTorchForwardPass(PyTorchEngine engine, RecurrentNetwork network, NDManager parent, int lanes) {
        this.engine = engine;
        this.network = network;
        this.manager = parent.newSubManager();
        this.lanes = lanes;
        this.state = network.zeroState(manager, lanes);
    }

    @Override
    public double crossEntropy(long[] inputs, long[] targets) {
        engine.useThreads();
        JniUtils.setGradMode(false);
        try (NDScope scope = new NDScope();
                NDManager scratch = manager.newSubManager()) {
            scope.suppressNotUsedWarning();
            NDList result =
                    network.hiddenStates(scratch.create(inputs, new Shape(inputs.length / lanes, lanes)), state);
            NDArray mean = network.crossEntropy(result.get(0), scratch.create(targets, new Shape(targets.length, 1)));
            double sum = (double) mean.getFloat() * targets.length;
            NDList next = kept(result.subNDList(1));
            state.close();
            state = next;
            return sum;
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    private NDList kept(NDList arrays) {
        arrays.forEach(array -> {
            NDScope.unregister(array);
            array.attach(manager);
        });
        return arrays;
    }
}

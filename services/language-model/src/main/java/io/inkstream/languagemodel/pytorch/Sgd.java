package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Map;

/** Stochastic gradient descent: p ← p - η g. */
final class Sgd implements Optimizer {

    @Override
    public void update(String name, NDArray parameter, NDArray gradient, double learningRate, long step) {
        parameter.subi(gradient.mul(learningRate));
    }

    @Override
    public Map<String, Tensor> state() {
        return Map.of();
    }

    @Override
    public void close() {
        // has no resources
    }
}

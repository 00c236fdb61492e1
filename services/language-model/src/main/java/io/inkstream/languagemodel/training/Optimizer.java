package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.LinkedHashMap;
import java.util.Map;

/** Updates parameters from their gradients, in place. */
public interface Optimizer extends AutoCloseable {

    /**
     * Updates one parameter.
     *
     * @param name its name
     * @param parameter changed in place
     * @param gradient of the same shape
     * @param learningRate step size
     * @param step which optimizer step this is, from 1
     */
    void update(String name, NDArray parameter, NDArray gradient, double learningRate, long step);

    /** Copies the state to the heap: {@code optimizer.<what>.<parameter>}; empty when the rule has none. */
    Map<String, Tensor> state();

    @Override
    void close();

    /**
     * The optimizer of a network.
     *
     * @param parent owner of the device memory
     * @param parameters the network's parameters
     * @param state as {@link #state} gave it, or empty to begin
     */
    static Optimizer of(
            OptimizerRule rule, NDManager parent, Map<String, NDArray> parameters, Map<String, Tensor> state) {
        return switch (rule) {
            case SGD -> new Sgd();
            case ADAM -> new Adam(parent, parameters, state);
        };
    }

    /** p ← p - η g. */
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
            // holds nothing
        }
    }

    /** Adam, with the bias corrections where torch.optim.Adam has them. */
    final class Adam implements Optimizer {

        private static final double BETA1 = 0.9;
        private static final double BETA2 = 0.999;
        private static final double EPSILON = 1e-8;

        private static final String FIRST = "optimizer.exp_avg.";
        private static final String SECOND = "optimizer.exp_avg_sq.";

        private final NDManager manager;
        private final Map<String, NDArray> first = new LinkedHashMap<>();
        private final Map<String, NDArray> second = new LinkedHashMap<>();

        Adam(NDManager parent, Map<String, NDArray> parameters, Map<String, Tensor> state) {
            this.manager = parent.newSubManager();
            parameters.forEach((name, parameter) -> {
                first.put(name, restored(state.get(FIRST + name), parameter));
                second.put(name, restored(state.get(SECOND + name), parameter));
            });
        }

        @Override
        public void update(String name, NDArray parameter, NDArray gradient, double learningRate, long step) {
            NDArray mean = first.get(name).muli(BETA1).addi(gradient.mul(1 - BETA1));
            NDArray square =
                    second.get(name).muli(BETA2).addi(gradient.mul(gradient).muli(1 - BETA2));
            double correction1 = 1 - Math.pow(BETA1, (double) step);
            double correction2 = 1 - Math.pow(BETA2, (double) step);
            NDArray denominator = square.sqrt().divi(Math.sqrt(correction2)).addi(EPSILON);
            parameter.subi(mean.div(denominator).muli(learningRate / correction1));
        }

        @Override
        public Map<String, Tensor> state() {
            Map<String, Tensor> state = new LinkedHashMap<>();
            first.forEach((name, tensor) -> state.put(FIRST + name, DeviceTensors.read(tensor)));
            second.forEach((name, tensor) -> state.put(SECOND + name, DeviceTensors.read(tensor)));
            return state;
        }

        @Override
        public void close() {
            manager.close();
        }

        private NDArray restored(Tensor value, NDArray parameter) {
            return value == null ? manager.zeros(parameter.getShape()) : DeviceTensors.copy(manager, value);
        }
    }
}

package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.inkstream.languagemodel.network.NamedTensors;
import io.inkstream.languagemodel.network.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adam (Kingma and Ba 2015), with the bias corrections where torch.optim.Adam has them. */
final class Adam implements Optimizer {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final String FIRST_MOMENT = "optimizer.exp_avg.";
    private static final String SECOND_MOMENT = "optimizer.exp_avg_sq.";

    private final NDManager manager;
    private final Map<String, NDArray> firstMoments = new LinkedHashMap<>();
    private final Map<String, NDArray> secondMoments = new LinkedHashMap<>();

    Adam(NDManager parent, Map<String, NDArray> parameters, Map<String, Tensor> state) {
        this.manager = parent.newSubManager();
        parameters.forEach((name, parameter) -> {
            firstMoments.put(name, restored(state, FIRST_MOMENT + name, parameter));
            secondMoments.put(name, restored(state, SECOND_MOMENT + name, parameter));
        });
    }

    @Override
    public void update(String name, NDArray parameter, NDArray gradient, double learningRate, long step) {
        NDArray mean = NamedTensors.get(firstMoments, name).muli(BETA1).addi(gradient.mul(1 - BETA1));
        NDArray square = NamedTensors.get(secondMoments, name)
                .muli(BETA2)
                .addi(gradient.mul(gradient).muli(1 - BETA2));
        double correction1 = 1 - Math.pow(BETA1, (double) step);
        double correction2 = 1 - Math.pow(BETA2, (double) step);
        NDArray denominator = square.sqrt().divi(Math.sqrt(correction2)).addi(EPSILON);
        parameter.subi(mean.div(denominator).muli(learningRate / correction1));
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        firstMoments.forEach((name, tensor) -> state.put(FIRST_MOMENT + name, DeviceTensors.read(tensor)));
        secondMoments.forEach((name, tensor) -> state.put(SECOND_MOMENT + name, DeviceTensors.read(tensor)));
        return state;
    }

    @Override
    public void close() {
        manager.close();
    }

    private NDArray restored(Map<String, Tensor> state, String name, NDArray parameter) {
        Tensor value = state.get(name);
        return value == null ? manager.zeros(parameter.getShape()) : DeviceTensors.copy(manager, value);
    }
}

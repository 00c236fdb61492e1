package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The layers of a network, with their parameters in one array. */
final class Layers {

    private final ModelShape shape;
    private final Arena arena = new Arena();
    private final List<RecurrentLayer> recurrent = new ArrayList<>();
    private final OutputLayer output;
    private final List<Parameter> parameters = new ArrayList<>();

    /**
     * Layers with these parameters.
     *
     * @param values by PyTorch's names
     * @param optimizer what is known of the optimizer's state
     * @param rule the rule that updates them; empty if they are not trained
     */
    Layers(ModelShape shape, Map<String, Tensor> values, Map<String, Tensor> optimizer, Optional<OptimizerRule> rule) {
        shape.check(values);
        this.shape = shape;
        for (int layer = 0; layer < shape.layers(); layer++) {
            recurrent.add(new RecurrentLayer(arena, shape, layer, rule));
            parameters.addAll(recurrent.get(layer).parameters());
        }
        this.output = shape.output() == Output.HIDDEN ? new HiddenOutput(shape) : new LinearOutput(arena, shape, rule);
        parameters.addAll(output.parameters());
        for (Parameter parameter : parameters) {
            parameter.tensors().forEach(tensor -> tensor.load(arena.array(), values, optimizer));
            parameter.loaded();
        }
    }

    ModelShape shape() {
        return shape;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /** Computes the hidden states of a block. */
    void forward(Kernels kernels, Activations activations, Block block) {
        for (RecurrentLayer layer : recurrent) {
            layer.forward(kernels, activations, block);
        }
    }

    /** Computes the logits of a block from its hidden states. */
    void computeLogits(Kernels kernels, Activations activations, Block block) {
        output.forward(kernels, activations, block);
    }

    /** From the gradient of the logits of a block to those of all gates and of the embedded tokens. */
    void backward(Kernels kernels, Activations activations, Block block) {
        output.backward(kernels, activations, block);
        for (int layer = recurrent.size() - 1; layer >= 0; layer--) {
            recurrent.get(layer).backward(kernels, activations, block);
        }
    }

    /** The gradients of the last step, by name. */
    Map<String, Tensor> gradients() {
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            parameter.tensors().forEach(tensor -> gradients.put(tensor.name(), tensor.gradient(arena.array())));
        }
        return gradients;
    }

    /** Adds the parameters and the optimizer's state to these maps. */
    void save(Map<String, Tensor> values, Map<String, Tensor> optimizer) {
        for (Parameter parameter : parameters) {
            parameter.tensors().forEach(tensor -> tensor.save(arena.array(), values, optimizer));
        }
    }
}

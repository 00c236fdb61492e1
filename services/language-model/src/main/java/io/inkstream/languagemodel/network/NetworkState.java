package io.inkstream.languagemodel.network;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that is carried from training step to training step, on the Java heap.
 *
 * @param shape the network's shape
 * @param parameters by PyTorch's names
 * @param optimizer the optimizer's tensors, {@code optimizer.<what>.<parameter>}
 * @param carried the hidden state (L, B, H), then an LSTM's cell state; empty before the first step
 * @param lossSum sum of the cross-entropy over the current epoch so far, in nats
 * @param stepLosses (n): mean cross-entropy of each of the current epoch's first steps, in nats
 */
public record NetworkState(
        ModelShape shape,
        Map<String, Tensor> parameters,
        Map<String, Tensor> optimizer,
        List<Tensor> carried,
        double lossSum,
        Tensor stepLosses) {

    /** A network that has not been trained yet. */
    public static NetworkState initial(ModelShape shape, Initialization initialization, long seed) {
        return of(shape, InitialParameters.of(shape, initialization, seed));
    }

    /** A network with these parameters and without training state. */
    public static NetworkState of(ModelShape shape, Map<String, Tensor> parameters) {
        return new NetworkState(shape, parameters, Map.of(), List.of(), 0, Tensor.zeros(0));
    }

    /**
     * The sign that training has diverged: a sum of losses, a parameter, optimizer state or hidden state that is not finite.
     * Empty when everything is finite.
     */
    public Optional<String> notFinite() {
        if (!Double.isFinite(lossSum)) {
            return Optional.of("the sum of the losses is %s".formatted(lossSum));
        }
        if (!carried.stream().allMatch(Tensor::isFinite)) {
            return Optional.of("the hidden state is not finite");
        }
        return Stream.concat(parameters.entrySet().stream(), optimizer.entrySet().stream())
                .filter(tensor -> !tensor.getValue().isFinite())
                .findFirst()
                .map(tensor -> "%s is not finite".formatted(tensor.getKey()));
    }

    /**
     * The same network for a larger vocabulary: learned values are kept, and the values of new tokens are those
     * that they would have had from the start.
     *
     * @throws IllegalArgumentException if the hidden state is the logits: such a network cannot grow
     */
    public NetworkState grownTo(int vocabulary, Initialization initialization, long seed) {
        ModelShape grown = shape.withVocabulary(vocabulary);
        return new NetworkState(
                grown,
                InitialParameters.grow(parameters, grown, initialization, seed),
                InitialParameters.growWithZeros(optimizer, grown),
                carried,
                lossSum,
                stepLosses);
    }
}

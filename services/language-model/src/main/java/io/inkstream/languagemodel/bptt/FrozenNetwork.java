package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * A network that is not trained any more. It has the products and functions of the network that is trained, so what it
 * computes is to the bit what that computed. Immutable.
 */
public final class FrozenNetwork {

    private final Layers layers;

    /**
     * A network with these weights, which are copied.
     *
     * @param parameters by PyTorch's names, in PyTorch's layouts: see {@link ModelShape#parameterShapes()}
     * @throws IllegalArgumentException if these do not match, or are too large for one array
     */
    public FrozenNetwork(ModelShape shape, Map<String, Tensor> parameters) {
        this.layers = new Layers(shape, parameters, Map.of(), Optional.empty());
    }

    /** The network's shape. */
    public ModelShape shape() {
        return layers.shape();
    }

    /** Number of floats that a sequence carries from one time step to the next; all zeros before its first. */
    public int stateSize() {
        int kinds = shape().cell().hasCellState() ? 2 : 1;
        return shape().layers() * kinds * Matrix.padded(shape().hidden());
    }

    /** A new workspace, for one thread at a time. */
    public TimeStep timeStep() {
        return new TimeStep(layers);
    }
}

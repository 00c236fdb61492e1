package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import java.util.List;

/**
 * Parameters of the network that are updated together, cut into units that threads compute independently of each other. A
 * unit is a panel of columns.
 */
interface Parameter {

    /** Number of units. */
    int units();

    /**
     * Computes a unit of the gradient, from the activations of the last forward and backward pass.
     *
     * @return the sum of its squares
     */
    float computeGradient(Kernels kernels, int unit, Activations activations);

    /** Updates a unit of the parameters from its gradient. */
    void update(Kernels kernels, int unit, Update update);

    /** Called when other values were loaded into the tensors. */
    void loaded();

    /** The parameters by their names in PyTorch. */
    List<NamedParameter> tensors();
}

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

    /** Into how many parts the gradient of a unit can be cut, each of some of its rows; 1: it cannot. */
    default int parts() {
        return 1;
    }

    /** Computes a piece of the gradient, from the activations of the last forward and backward pass. */
    void computeGradient(Kernels kernels, Piece piece, Activations activations);

    /** The sum of the squares of a unit of the gradient. */
    float sumOfSquares(Kernels kernels, int unit);

    /** Updates a unit of the parameters from its gradient. */
    void update(Kernels kernels, int unit, Update update);

    /** Called when other values were loaded into the tensors. */
    void loaded();

    /** The parameters by their names in PyTorch. */
    List<NamedParameter> tensors();
}

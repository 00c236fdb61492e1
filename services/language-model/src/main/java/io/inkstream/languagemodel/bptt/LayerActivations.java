package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import java.util.List;

/**
 * The activations of a recurrent layer.
 *
 * @param hidden the hidden states ((T + 1)·B, H): those before the first time step, then those after each
 * @param gates the gates (T·B, blocks·H): first what goes into them, then their values, after the backward pass the gradients
 *     of what went in; {@link CellEquations} names the blocks
 * @param cell an LSTM's cell states, as the hidden states; no rows for other cells
 * @param cellTanh their tanh (T·B, H); no rows for other cells
 */
record LayerActivations(Matrix hidden, Matrix gates, Matrix cell, Matrix cellTanh) {

    static LayerActivations place(Arena arena, ModelShape shape, int rows, int lanes) {
        boolean hasCell = shape.cell().hasCellState();
        int units = Matrix.padded(shape.hidden());
        return new LayerActivations(
                arena.matrix(Math.addExact(rows, lanes), units),
                arena.matrix(rows, units * CellEquations.of(shape.cell()).blocks()),
                arena.matrix(hasCell ? rows + lanes : 0, units),
                arena.matrix(hasCell ? rows : 0, units));
    }

    /** The states that are carried from window to window. */
    List<Matrix> states() {
        return cell.rows() > 0 ? List.of(hidden, cell) : List.of(hidden);
    }
}

package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;

/**
 * Some lanes of a minibatch, which one thread takes through the window and back.
 *
 * @param first its first lane
 * @param lanes number of its lanes, padding included
 * @param cellGradient the gradient of an LSTM's cell state at the current time step (lanes, H); no rows for other cells
 * @param scratch three panels for intermediate results (lanes, 3·32)
 * @param frame the time step and the panel that are being computed
 */
record Block(int first, int lanes, Matrix cellGradient, Matrix scratch, Frame frame) {

    /** Intermediate results that the equations of a cell need at a time. */
    private static final int SCRATCH_PANELS = 3;

    static Block place(Arena arena, ModelShape shape, int first, int lanes) {
        return new Block(
                first,
                lanes,
                arena.matrix(shape.cell().hasCellState() ? lanes : 0, shape.hidden()),
                arena.matrix(lanes, SCRATCH_PANELS * Matrix.PANEL),
                new Frame());
    }

    /** The first lanes of this block. */
    Block withLanes(int count) {
        return new Block(first, count, cellGradient, scratch, new Frame());
    }
}

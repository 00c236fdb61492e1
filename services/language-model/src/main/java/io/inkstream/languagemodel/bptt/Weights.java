package io.inkstream.languagemodel.bptt;

import static io.inkstream.kernels.Matrix.PANEL;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.Arrays;
import java.util.Optional;

/**
 * The weights W of a product y = x W, (inputs, outputs), and their transpose, which the gradient of x needs; both in panels,
 * as the kernels read them.
 */
final class Weights {

    /** Rows whose activations fit a core's first cache beside each other: two panels of 128 rows are 32 KB. */
    private static final int CACHED_ROWS = 128;

    /** Panels of x whose rows fit a core's first cache: 16 rows of 16 panels are 32 KB. */
    private static final int CACHED_INPUTS = 16;

    /** Panels of y that are computed from them together: 16 times 4 squares of weights are 256 KB of the second cache. */
    private static final int PANELS_TOGETHER = 4;

    private final Arena arena;
    private final Slots slots;
    private final Matrix transposed;

    /** Places the weights; inputs and outputs are padded to complete panels, with zeros. */
    Weights(Arena arena, int inputs, int outputs, Optional<OptimizerRule> rule) {
        this.arena = arena;
        int paddedInputs = Matrix.padded(inputs);
        int paddedOutputs = Matrix.padded(outputs);
        this.slots = Slots.place(arena, paddedInputs, paddedOutputs, rule);
        this.transposed = arena.matrix(rule.isPresent() ? paddedOutputs : 0, paddedInputs);
    }

    Slots slots() {
        return slots;
    }

    /** Panels of the outputs. */
    int panels() {
        return slots.value().panels();
    }

    /** Parts of the gradient of a panel: squares, each for 32 inputs. */
    int parts() {
        return slots.gradient().rows() / PANEL;
    }

    /**
     * y ← y + x W, for one panel of y.
     *
     * @param x of the first row
     * @param xPanel elements from one panel of x to the next
     * @param panel number of the panel of W
     * @param y first row of the panel of y
     */
    void multiplyAdd(Kernels kernels, int rows, float[] m, int x, int xPanel, int panel, int y) {
        Matrix value = slots.value();
        kernels.multiplyAdd(rows, m, x, xPanel, value.rows() / PANEL, arena.array(), value.panel(panel), y);
    }

    /**
     * dx ← dx + dy Wᵀ, for one panel of dx.
     *
     * @param dy of the first row
     * @param dyPanel elements from one panel of dy to the next
     * @param panel number of the panel of dx
     * @param dx first row of the panel of dx
     */
    void multiplyTransposedAdd(Kernels kernels, int rows, float[] m, int dy, int dyPanel, int panel, int dx) {
        kernels.multiplyAdd(
                rows, m, dy, dyPanel, transposed.rows() / PANEL, arena.array(), transposed.panel(panel), dx);
    }

    /**
     * y ← y + x W, for a block at many time steps.
     *
     * @param firstStep the first of them; the others follow, to the last
     * @param xRow the row of x that belongs to the first row of y
     * @param firstPanel the panel of y that belongs to the first of W
     */
    void multiplyAdd(
            Kernels kernels,
            Activations activations,
            Block block,
            int firstStep,
            Matrix x,
            int xRow,
            Matrix y,
            int firstPanel) {
        multiplyAdd(kernels, activations, block, firstStep, x, xRow, 0, slots.value(), y, firstPanel);
    }

    /**
     * dx ← dx + dy Wᵀ, for a block at many time steps.
     *
     * @param firstStep the first of them; the others follow, to the last
     * @param firstPanel the panel of dy that belongs to the first of W
     */
    void multiplyTransposedAdd(
            Kernels kernels,
            Activations activations,
            Block block,
            int firstStep,
            Matrix dy,
            int firstPanel,
            Matrix dx) {
        multiplyAdd(kernels, activations, block, firstStep, dy, 0, firstPanel, transposed, dx, 0);
    }

    /** C ← C + A B, in pieces of B that stay in a core's second cache while all time steps need them. */
    private void multiplyAdd(
            Kernels kernels,
            Activations activations,
            Block block,
            int firstStep,
            Matrix a,
            int aRow,
            int aPanel,
            Matrix b,
            Matrix c,
            int cPanel) {
        float[] m = activations.array();
        float[] w = arena.array();
        int inputs = b.rows() / PANEL;
        for (int first = 0; first < b.panels(); first += PANELS_TOGETHER) {
            int end = Math.min(b.panels(), first + PANELS_TOGETHER);
            for (int k = 0; k < inputs; k += CACHED_INPUTS) {
                int count = Math.min(CACHED_INPUTS, inputs - k);
                for (int step = firstStep; step < activations.timeSteps(); step++) {
                    int row = activations.firstRow(step, block);
                    int from = a.index(aPanel + k, aRow + row);
                    for (int panel = first; panel < end; panel++) {
                        int to = c.index(cPanel + panel, row);
                        kernels.multiplyAdd(
                                block.lanes(), m, from, a.panelSize(), count, w, b.index(panel, k * PANEL), to);
                    }
                }
            }
        }
    }

    /**
     * dW ← xᵀ dy, for a piece of dW, over all rows in ascending order. The rows are taken in stretches that stay in the caches
     * while all panels of the piece need them.
     *
     * @param x the inputs
     * @param xRow the row of x that belongs to the first row of dy
     * @param dy the outputs' gradients
     * @param dyRow its first row
     * @param firstPanel the panel of dy that belongs to the first of dW
     * @param piece panels of dW, and parts of 32 of its rows
     */
    void computeGradient(
            Kernels kernels,
            int rows,
            float[] m,
            Matrix x,
            int xRow,
            Matrix dy,
            int dyRow,
            int firstPanel,
            Piece piece) {
        float[] w = arena.array();
        Matrix gradient = slots.gradient();
        for (int panel = piece.from(); panel < piece.to(); panel++) {
            int first = gradient.index(panel, piece.firstPart() * PANEL);
            Arrays.fill(w, first, gradient.index(panel, piece.endPart() * PANEL), 0);
        }
        for (int row = 0; row < rows; row += CACHED_ROWS) {
            int count = Math.min(CACHED_ROWS, rows - row);
            for (int panel = piece.from(); panel < piece.to(); panel++) {
                int b = dy.index(firstPanel + panel, dyRow + row);
                for (int k = piece.firstPart(); k < piece.endPart(); k++) {
                    int a = x.index(k, xRow + row);
                    kernels.multiplyTransposedAdd(count, m, a, b, w, gradient.index(panel, k * PANEL));
                }
            }
        }
    }

    /** The sum of the squares of a panel of the gradient. */
    float sumOfSquares(Kernels kernels, int panel) {
        return slots.sumOfSquares(kernels, arena.array(), panel);
    }

    /** Updates a panel, and its part of the transpose. */
    void update(Kernels kernels, int panel, Update update) {
        update.apply(kernels, arena.array(), slots, panel);
        transpose(panel);
    }

    /** Computes the transpose of weights that were loaded, if they are trained. */
    void loaded() {
        for (int panel = 0; panel < panels() && transposed.rows() > 0; panel++) {
            transpose(panel);
        }
    }

    private void transpose(int panel) {
        float[] w = arena.array();
        Matrix value = slots.value();
        for (int k = 0; k < transposed.panels(); k++) {
            int from = value.index(panel, k * PANEL);
            int to = transposed.index(k, panel * PANEL);
            for (int row = 0; row < PANEL; row++) {
                for (int column = 0; column < PANEL; column++) {
                    w[to + column * PANEL + row] = w[from + row * PANEL + column];
                }
            }
        }
    }
}

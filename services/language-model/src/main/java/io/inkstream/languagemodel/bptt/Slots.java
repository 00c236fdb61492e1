package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.Arrays;
import java.util.Optional;

/**
 * A parameter and what belongs to it, as matrices of one shape.
 *
 * @param value its values
 * @param gradient its gradient
 * @param mean Adam's first moment; the values' own place for an optimizer without it
 * @param square Adam's second moment, as above
 */
record Slots(Matrix value, Matrix gradient, Matrix mean, Matrix square) {

    /**
     * Places a parameter.
     *
     * @param rule the rule that updates it; empty: nothing does, and only its values have a place
     */
    static Slots place(Arena arena, int rows, int columns, Optional<OptimizerRule> rule) {
        Matrix value = arena.matrix(rows, columns);
        return rule.isEmpty()
                ? new Slots(value, value, value, value)
                : withMoments(arena, value, arena.matrix(rows, columns), rule);
    }

    /** Places another parameter that has the same gradient. */
    Slots placeAnother(Arena arena, Optional<OptimizerRule> rule) {
        Matrix other = arena.matrix(value.rows(), value.columns());
        return rule.isEmpty() ? new Slots(other, other, other, other) : withMoments(arena, other, gradient, rule);
    }

    /** Clears some panels of the gradient. */
    private void clearGradient(float[] w, int from, int to) {
        Arrays.fill(w, gradient.panel(from), gradient.panel(to), 0);
    }

    /**
     * The gradient of a table whose rows were looked up: of each row, the sum of the gradients of what was looked up there.
     *
     * @param source gradients of what was looked up, one row for each time step and lane
     * @param firstPanel the panel of the source that belongs to the first of the table
     * @param from the first panel of the table
     * @param to the panel after the last
     */
    void sumByToken(
            Kernels kernels, float[] w, Activations activations, Matrix source, int firstPanel, int from, int to) {
        clearGradient(w, from, to);
        for (int panel = from; panel < to; panel++) {
            kernels.scatterRows(
                    activations.rows(),
                    activations.array(),
                    source.panel(firstPanel + panel),
                    w,
                    activations.inputs(),
                    gradient.panel(panel));
        }
    }

    /**
     * The gradient of a bias: the sum of the gradients of what it was added to.
     *
     * @param source these gradients
     * @param firstRow the first of the rows that count
     * @param from the first panel of the bias
     * @param to the panel after the last
     */
    void sumOverRows(
            Kernels kernels, float[] w, Activations activations, Matrix source, int firstRow, int from, int to) {
        clearGradient(w, from, to);
        for (int panel = from; panel < to; panel++) {
            kernels.addColumnSums(
                    activations.rows() - firstRow,
                    activations.array(),
                    source.index(panel, firstRow),
                    w,
                    gradient.panel(panel));
        }
    }

    /** The sum of the squares of a panel of the gradient. */
    float sumOfSquares(Kernels kernels, float[] w, int panel) {
        return kernels.sumOfSquares(gradient.panelSize(), w, gradient.panel(panel));
    }

    private static Slots withMoments(Arena arena, Matrix value, Matrix gradient, Optional<OptimizerRule> rule) {
        boolean moments = rule.equals(Optional.of(OptimizerRule.ADAM));
        int rows = value.rows();
        int columns = value.columns();
        return new Slots(
                value,
                gradient,
                moments ? arena.matrix(rows, columns) : value,
                moments ? arena.matrix(rows, columns) : value);
    }
}

package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.settings.OptimizerRule;

/**
 * A parameter and what belongs to it, as matrices of one shape.
 *
 * @param value its values
 * @param gradient its gradient
 * @param mean Adam's first moment; the values' own place for an optimizer without it
 * @param square Adam's second moment, as above
 */
record Slots(Matrix value, Matrix gradient, Matrix mean, Matrix square) {

    /** Places a parameter. */
    static Slots place(Arena arena, int rows, int columns, OptimizerRule rule) {
        return place(arena, arena.matrix(rows, columns), rule);
    }

    /** Places a parameter of which another has the gradient. */
    static Slots place(Arena arena, Matrix gradient, OptimizerRule rule) {
        int rows = gradient.rows();
        int columns = gradient.columns();
        Matrix value = arena.matrix(rows, columns);
        boolean moments = rule == OptimizerRule.ADAM;
        return new Slots(
                value,
                gradient,
                moments ? arena.matrix(rows, columns) : value,
                moments ? arena.matrix(rows, columns) : value);
    }
}

package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.settings.OptimizerRule;
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

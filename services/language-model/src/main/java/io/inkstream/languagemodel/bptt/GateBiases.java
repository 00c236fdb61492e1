package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.List;
import java.util.Optional;

/**
 * The two biases of a recurrent layer, and their sum, with which its gates start. The gradient of both is the sum of the
 * gates' gradients over all rows.
 */
final class GateBiases implements Parameter {

    private final int layer;
    private final int gates;
    private final int units;
    private final int hidden;
    private final CellEquations equations;
    private final Arena arena;
    private final Slots ofInput;
    private final Slots ofHidden;
    private final Matrix sum;

    GateBiases(Arena arena, ModelShape shape, int layer, Optional<OptimizerRule> rule) {
        this.arena = arena;
        this.layer = layer;
        this.gates = shape.cell().gates();
        this.hidden = shape.hidden();
        this.units = Matrix.padded(hidden);
        this.equations = CellEquations.of(shape.cell());
        int columns = Math.multiplyExact(units, equations.blocks());
        this.ofInput = Slots.place(arena, 1, columns, rule);
        this.ofHidden = ofInput.placeAnother(arena, rule);
        this.sum = arena.matrix(1, columns);
    }

    /** Index of the sum's first element of a panel of the gates. */
    int sum(int panel) {
        return sum.panel(panel);
    }

    @Override
    public int units() {
        return sum.panels();
    }

    @Override
    public void computeGradient(Kernels kernels, Piece piece, Activations activations) {
        Matrix source = activations.layer(layer).gates();
        ofInput.sumOverRows(kernels, arena.array(), activations, source, 0, piece.from(), piece.to());
    }

    @Override
    public float sumOfSquares(Kernels kernels, int unit) {
        float squares = ofInput.sumOfSquares(kernels, arena.array(), unit);
        return hasInput(unit) && hasHidden(unit) ? squares + squares : squares;
    }

    @Override
    public void update(Kernels kernels, int unit, Update update) {
        if (hasInput(unit)) {
            update.apply(kernels, arena.array(), ofInput, unit);
        }
        if (hasHidden(unit)) {
            update.apply(kernels, arena.array(), ofHidden, unit);
        }
        addUp(unit);
    }

    @Override
    public void loaded() {
        for (int unit = 0; unit < units(); unit++) {
            addUp(unit);
        }
    }

    @Override
    public List<NamedParameter> tensors() {
        int[] shape = {gates * hidden};
        return List.of(
                new NamedParameter(
                        "rnn.bias_ih_l" + layer,
                        shape,
                        ofInput,
                        (matrix, row, column) -> matrix.element(0, column(equations.inputBlock(row / hidden), row))),
                new NamedParameter(
                        "rnn.bias_hh_l" + layer,
                        shape,
                        ofHidden,
                        (matrix, row, column) ->
                                matrix.element(0, column(equations.recurrentBlock(row / hidden), row))));
    }

    private int column(int block, int row) {
        return block * units + row % hidden;
    }

    private void addUp(int unit) {
        float[] w = arena.array();
        int input = ofInput.value().panel(unit);
        int recurrent = ofHidden.value().panel(unit);
        for (int i = 0; i < Matrix.PANEL; i++) {
            w[sum.panel(unit) + i] = w[input + i] + w[recurrent + i];
        }
    }

    /** Whether the input contributes to a panel: to the last blocks. */
    private boolean hasInput(int unit) {
        return block(unit) >= equations.blocks() - gates;
    }

    /** Whether the hidden state contributes to a panel: to the first blocks. */
    private boolean hasHidden(int unit) {
        return block(unit) < gates;
    }

    private int block(int unit) {
        return unit / (units / Matrix.PANEL);
    }
}

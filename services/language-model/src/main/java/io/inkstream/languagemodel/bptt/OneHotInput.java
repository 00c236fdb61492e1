package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.List;
import java.util.Optional;

/**
 * Tokens as one-hot vectors: the product with a weight is one of its rows, and the weight's gradient is the sum of the
 * gates' gradients over the rows with that token.
 */
final class OneHotInput implements LayerInput, Parameter {

    private final Cell cell;
    private final int hidden;
    private final int vocabulary;
    private final Arena arena;
    private final GateBiases biases;
    private final Slots weight;
    /** Panels of the gates before the first to which the input contributes. */
    private final int firstPanel;

    OneHotInput(Arena arena, ModelShape shape, GateBiases biases, Optional<OptimizerRule> rule) {
        this.cell = shape.cell();
        this.hidden = shape.hidden();
        this.vocabulary = shape.vocabulary();
        this.arena = arena;
        this.biases = biases;
        int units = Matrix.padded(hidden);
        this.weight = Slots.place(arena, vocabulary, Math.multiplyExact(units, cell.gates()), rule);
        this.firstPanel = CellEquations.of(cell).inputBlock(0) * units / Matrix.PANEL;
    }

    @Override
    public void forward(Kernels kernels, Activations activations, Block block) {
        float[] m = activations.array();
        float[] w = arena.array();
        Matrix gates = activations.layer(0).gates();
        for (int panel = 0; panel < gates.panels(); panel++) {
            for (int step = 0; step < activations.timeSteps(); step++) {
                int row = activations.firstRow(step, block);
                int to = gates.index(panel, row);
                kernels.fillRows(block.lanes(), w, biases.sum(panel), m, to);
                if (panel >= firstPanel) {
                    int table = weight.value().panel(panel - firstPanel);
                    kernels.gatherRows(block.lanes(), w, activations.inputs(), row, table, m, to);
                }
            }
        }
    }

    @Override
    public void backward(Kernels kernels, Activations activations, Block block) {
        // tokens have no gradient
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(this);
    }

    @Override
    public int units() {
        return weight.value().panels();
    }

    @Override
    public void computeGradient(Kernels kernels, Piece piece, Activations activations) {
        Matrix gates = activations.layer(0).gates();
        weight.sumByToken(kernels, arena.array(), activations, gates, firstPanel, piece.from(), piece.to());
    }

    @Override
    public float sumOfSquares(Kernels kernels, int unit) {
        return weight.sumOfSquares(kernels, arena.array(), unit);
    }

    @Override
    public void update(Kernels kernels, int unit, Update update) {
        update.apply(kernels, arena.array(), weight, unit);
    }

    @Override
    public void loaded() {
        // used as it is
    }

    @Override
    public List<NamedParameter> tensors() {
        int units = Matrix.padded(hidden);
        return List.of(new NamedParameter(
                "rnn.weight_ih_l0",
                new int[] {cell.gates() * hidden, vocabulary},
                weight,
                (matrix, row, column) -> matrix.element(column, row / hidden * units + row % hidden)));
    }
}

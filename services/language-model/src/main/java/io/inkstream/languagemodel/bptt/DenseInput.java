package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.List;
import java.util.Optional;

/** Vectors: the hidden states of the layer below, or embedded tokens. */
final class DenseInput implements LayerInput, Parameter {

    private final int layer;
    private final Cell cell;
    private final int hidden;
    private final int inputs;
    private final Arena arena;
    private final GateBiases biases;
    private final Weights weights;
    /** Panels of the gates before the first to which the input contributes. */
    private final int firstPanel;

    DenseInput(Arena arena, ModelShape shape, int layer, GateBiases biases, Optional<OptimizerRule> rule) {
        this.layer = layer;
        this.cell = shape.cell();
        this.hidden = shape.hidden();
        this.inputs = layer == 0 ? shape.embedding() : hidden;
        this.arena = arena;
        this.biases = biases;
        int units = Matrix.padded(hidden);
        this.weights = new Weights(arena, inputs, Math.multiplyExact(units, cell.gates()), rule);
        this.firstPanel = CellEquations.of(cell).inputBlock(0) * units / Matrix.PANEL;
    }

    @Override
    public void forward(Kernels kernels, Activations activations, Block block) {
        float[] m = activations.array();
        Matrix gates = activations.layer(layer).gates();
        for (int step = 0; step < activations.timeSteps(); step++) {
            int row = activations.firstRow(step, block);
            for (int panel = 0; panel < gates.panels(); panel++) {
                kernels.fillRows(block.lanes(), arena.array(), biases.sum(panel), m, gates.index(panel, row));
            }
        }
        weights.multiplyAdd(
                kernels, activations, block, 0, vectors(activations), firstRow(activations), gates, firstPanel);
    }

    @Override
    public void backward(Kernels kernels, Activations activations, Block block) {
        activations.clearGradient(block, Matrix.padded(inputs) / Matrix.PANEL);
        Matrix gates = activations.layer(layer).gates();
        weights.multiplyTransposedAdd(kernels, activations, block, 0, gates, firstPanel, activations.gradient());
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(this);
    }

    @Override
    public int units() {
        return weights.panels();
    }

    @Override
    public int parts() {
        return weights.parts();
    }

    @Override
    public void computeGradient(Kernels kernels, Piece piece, Activations activations) {
        weights.computeGradient(
                kernels,
                activations.rows(),
                activations.array(),
                vectors(activations),
                firstRow(activations),
                activations.layer(layer).gates(),
                0,
                firstPanel,
                piece);
    }

    @Override
    public float sumOfSquares(Kernels kernels, int unit) {
        return weights.sumOfSquares(kernels, unit);
    }

    @Override
    public void update(Kernels kernels, int unit, Update update) {
        weights.update(kernels, unit, update);
    }

    @Override
    public void loaded() {
        weights.loaded();
    }

    @Override
    public List<NamedParameter> tensors() {
        int units = Matrix.padded(hidden);
        return List.of(new NamedParameter(
                "rnn.weight_ih_l" + layer,
                new int[] {cell.gates() * hidden, inputs},
                weights.slots(),
                (matrix, row, column) -> matrix.element(column, row / hidden * units + row % hidden)));
    }

    private Matrix vectors(Activations activations) {
        return layer == 0 ? activations.input() : activations.layer(layer - 1).hidden();
    }

    /** The row of the vectors at the first time step. */
    private int firstRow(Activations activations) {
        return layer == 0 ? 0 : activations.paddedLanes();
    }
}

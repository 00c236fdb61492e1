package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A recurrent layer: forward and backward through the time steps of a window. */
final class RecurrentLayer implements Parameter {

    private final int layer;
    private final Cell cell;
    private final int hidden;
    private final CellEquations equations;
    private final LayerInput input;
    private final GateBiases biases;
    private final Weights weights;

    RecurrentLayer(Arena arena, ModelShape shape, int layer, Optional<OptimizerRule> rule) {
        this.layer = layer;
        this.cell = shape.cell();
        this.hidden = shape.hidden();
        this.equations = CellEquations.of(cell);
        this.biases = new GateBiases(arena, shape, layer, rule);
        if (layer > 0) {
            this.input = new DenseInput(arena, shape, layer, biases, rule);
        } else if (shape.embedding() > 0) {
            this.input = new EmbeddingInput(arena, shape, biases, rule);
        } else {
            this.input = new OneHotInput(arena, shape, biases, rule);
        }
        int units = Matrix.padded(hidden);
        this.weights = new Weights(arena, units, Math.multiplyExact(units, cell.gates()), rule);
    }

    /** Computes the hidden states of a block at all time steps, from its input and the state before the first. */
    void forward(Kernels kernels, Activations activations, Block block) {
        input.forward(kernels, activations, block);
        float[] m = activations.array();
        LayerActivations own = activations.layer(layer);
        Matrix states = own.hidden();
        Matrix gates = own.gates();
        Frame frame = block.frame();
        for (int step = 0; step < activations.timeSteps(); step++) {
            int row = activations.firstRow(step, block);
            int before = states.index(0, row);
            for (int panel = 0; panel < states.panels(); panel++) {
                for (int gate = panel; gate < weights.panels(); gate += states.panels()) {
                    int to = gates.index(gate, row);
                    weights.multiplyAdd(kernels, block.lanes(), m, before, states.panelSize(), gate, to);
                }
                frame.moveTo(activations, own, block, step, panel);
                equations.forward(kernels, m, frame);
            }
        }
    }

    /**
     * Computes the gradients of the gates of a block from those of its hidden states, at all time steps, last to first; then
     * those of its input.
     */
    void backward(Kernels kernels, Activations activations, Block block) {
        float[] m = activations.array();
        LayerActivations own = activations.layer(layer);
        Matrix gates = own.gates();
        Matrix gradient = activations.gradient();
        Frame frame = block.frame();
        Matrix cellGradient = block.cellGradient();
        Arrays.fill(m, cellGradient.at(), cellGradient.at() + cellGradient.size(), 0);
        for (int step = activations.timeSteps() - 1; step >= 0; step--) {
            int row = activations.firstRow(step, block);
            boolean last = step == activations.timeSteps() - 1;
            for (int panel = 0; panel < own.hidden().panels(); panel++) {
                if (!last) {
                    weights.multiplyTransposedAdd(
                            kernels,
                            block.lanes(),
                            m,
                            gates.index(0, row + activations.paddedLanes()),
                            gates.panelSize(),
                            panel,
                            gradient.index(panel, row));
                }
                frame.moveTo(activations, own, block, step, panel);
                equations.backward(kernels, m, frame);
            }
        }
        input.backward(kernels, activations, block);
    }

    /** All parameters of the layer, those of its input included. */
    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(input.parameters());
        parameters.add(this);
        parameters.add(biases);
        return parameters;
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
        LayerActivations own = activations.layer(layer);
        weights.computeGradient(
                kernels, activations.rows(), activations.array(), own.hidden(), 0, own.gates(), 0, 0, piece);
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
                "rnn.weight_hh_l" + layer,
                new int[] {cell.gates() * hidden, hidden},
                weights.slots(),
                (matrix, row, column) ->
                        matrix.element(column, equations.recurrentBlock(row / hidden) * units + row % hidden)));
    }
}

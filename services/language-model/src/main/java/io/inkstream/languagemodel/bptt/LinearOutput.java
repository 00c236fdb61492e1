package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A linear layer: h W + b. */
final class LinearOutput implements OutputLayer {

    private final ModelShape shape;
    private final Weights weights;
    private final LinearBias bias;

    LinearOutput(Arena arena, ModelShape shape, Optional<OptimizerRule> rule) {
        this.shape = shape;
        this.weights = new Weights(arena, shape.hidden(), shape.vocabulary(), rule);
        this.bias = new LinearBias(arena, shape, rule);
    }

    @Override
    public void forward(Kernels kernels, Activations activations, Block block) {
        float[] m = activations.array();
        Matrix hidden = hidden(activations);
        Matrix logits = activations.logits();
        for (int panel = 0; panel < logits.panels(); panel++) {
            for (int step = activations.firstLossStep(); step < activations.timeSteps(); step++) {
                int row = activations.firstRow(step, block);
                int to = logits.index(panel, row);
                bias.fillRows(kernels, block.lanes(), panel, m, to);
                int from = hidden.index(0, row + activations.paddedLanes());
                weights.multiplyAdd(kernels, block.lanes(), m, from, hidden.panelSize(), panel, to);
            }
        }
    }

    @Override
    public void backward(Kernels kernels, Activations activations, Block block) {
        float[] m = activations.array();
        Matrix logits = activations.logits();
        for (int panel = 0; panel < hidden(activations).panels(); panel++) {
            for (int step = 0; step < activations.timeSteps(); step++) {
                int row = activations.firstRow(step, block);
                int to = activations.gradient().index(panel, row);
                Arrays.fill(m, to, to + block.lanes() * Matrix.PANEL, 0);
                if (step >= activations.firstLossStep()) {
                    weights.multiplyTransposedAdd(
                            kernels, block.lanes(), m, logits.index(0, row), logits.panelSize(), panel, to);
                }
            }
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new LinearWeights(), bias);
    }

    private Matrix hidden(Activations activations) {
        return activations.layer(shape.layers() - 1).hidden();
    }

    /** The weights, (V, H) in PyTorch. */
    private final class LinearWeights implements Parameter {

        @Override
        public int units() {
            return weights.panels();
        }

        @Override
        public void computeGradient(Kernels kernels, int from, int to, Activations activations) {
            int firstRow = activations.firstLossRow();
            weights.computeGradient(
                    kernels,
                    activations.rows() - firstRow,
                    activations.array(),
                    hidden(activations),
                    firstRow + activations.paddedLanes(),
                    activations.logits(),
                    firstRow,
                    0,
                    from,
                    to);
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
            return List.of(new NamedParameter(
                    "linear.weight",
                    new int[] {shape.vocabulary(), shape.hidden()},
                    weights.slots(),
                    (matrix, token, unit) -> matrix.element(unit, token)));
        }
    }
}

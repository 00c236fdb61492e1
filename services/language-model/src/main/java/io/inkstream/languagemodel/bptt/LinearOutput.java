package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
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
        Matrix logits = activations.logits();
        for (int step = activations.firstLossStep(); step < activations.timeSteps(); step++) {
            int row = activations.firstRow(step, block);
            for (int panel = 0; panel < logits.panels(); panel++) {
                bias.fillRows(kernels, block.lanes(), panel, m, logits.index(panel, row));
            }
        }
        weights.multiplyAdd(
                kernels,
                activations,
                block,
                activations.firstLossStep(),
                hidden(activations),
                activations.paddedLanes(),
                logits,
                0);
    }

    @Override
    public void backward(Kernels kernels, Activations activations, Block block) {
        activations.clearGradient(block, hidden(activations).panels());
        weights.multiplyTransposedAdd(
                kernels,
                activations,
                block,
                activations.firstLossStep(),
                activations.logits(),
                0,
                activations.gradient());
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
        public int parts() {
            return weights.parts();
        }

        @Override
        public void computeGradient(Kernels kernels, Piece piece, Activations activations) {
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
            return List.of(new NamedParameter(
                    "linear.weight",
                    new int[] {shape.vocabulary(), shape.hidden()},
                    weights.slots(),
                    (matrix, token, unit) -> matrix.element(unit, token)));
        }
    }
}

package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tokens as learned vectors: the rows of a table. */
final class EmbeddingInput implements LayerInput, Parameter {

    private final ModelShape shape;
    private final Arena arena;
    private final Slots table;
    private final DenseInput dense;

    EmbeddingInput(Arena arena, ModelShape shape, GateBiases biases, Optional<OptimizerRule> rule) {
        this.shape = shape;
        this.arena = arena;
        this.table = Slots.place(arena, shape.vocabulary(), shape.embedding(), rule);
        this.dense = new DenseInput(arena, shape, 0, biases, rule);
    }

    @Override
    public void forward(Kernels kernels, Activations activations, Block block) {
        float[] m = activations.array();
        for (int panel = 0; panel < units(); panel++) {
            for (int step = 0; step < activations.timeSteps(); step++) {
                int row = activations.firstRow(step, block);
                int to = activations.input().index(panel, row);
                Arrays.fill(m, to, to + block.lanes() * Matrix.PANEL, 0);
                kernels.gatherRows(
                        block.lanes(),
                        arena.array(),
                        activations.inputs(),
                        row,
                        table.value().panel(panel),
                        m,
                        to);
            }
        }
        dense.forward(kernels, activations, block);
    }

    @Override
    public void backward(Kernels kernels, Activations activations, Block block) {
        dense.backward(kernels, activations, block);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(this, dense);
    }

    @Override
    public int units() {
        return table.value().panels();
    }

    @Override
    public void computeGradient(Kernels kernels, Piece piece, Activations activations) {
        table.sumByToken(kernels, arena.array(), activations, activations.gradient(), 0, piece.from(), piece.to());
    }

    @Override
    public float sumOfSquares(Kernels kernels, int unit) {
        return table.sumOfSquares(kernels, arena.array(), unit);
    }

    @Override
    public void update(Kernels kernels, int unit, Update update) {
        update.apply(kernels, arena.array(), table, unit);
    }

    @Override
    public void loaded() {
        // used as it is
    }

    @Override
    public List<NamedParameter> tensors() {
        return List.of(new NamedParameter(
                "embedding.weight", new int[] {shape.vocabulary(), shape.embedding()}, table, Matrix::element));
    }
}

package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The bias of the linear layer. Its padding is {@link OutputLayer#PADDING}, and stays so, as its gradient is zero. */
final class LinearBias implements Parameter {

    private final int vocabulary;
    private final Arena arena;
    private final Slots bias;

    LinearBias(Arena arena, ModelShape shape, Optional<OptimizerRule> rule) {
        this.vocabulary = shape.vocabulary();
        this.arena = arena;
        this.bias = Slots.place(arena, 1, vocabulary, rule);
    }

    /** Starts rows of a panel of the logits. */
    void fillRows(Kernels kernels, int rows, int panel, float[] m, int to) {
        kernels.fillRows(rows, arena.array(), bias.value().panel(panel), m, to);
    }

    @Override
    public int units() {
        return bias.value().panels();
    }

    @Override
    public void computeGradient(Kernels kernels, Piece piece, Activations activations) {
        bias.sumOverRows(
                kernels,
                arena.array(),
                activations,
                activations.logits(),
                activations.firstLossRow(),
                piece.from(),
                piece.to());
    }

    @Override
    public float sumOfSquares(Kernels kernels, int unit) {
        return bias.sumOfSquares(kernels, arena.array(), unit);
    }

    @Override
    public void update(Kernels kernels, int unit, Update update) {
        update.apply(kernels, arena.array(), bias, unit);
    }

    @Override
    public void loaded() {
        Matrix value = bias.value();
        Arrays.fill(arena.array(), value.at() + vocabulary, value.at() + value.columns(), OutputLayer.PADDING);
    }

    @Override
    public List<NamedParameter> tensors() {
        return List.of(new NamedParameter(
                "linear.bias", new int[] {vocabulary}, bias, (matrix, row, column) -> matrix.element(0, row)));
    }
}

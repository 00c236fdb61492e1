package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.List;

/** The hidden state is the logits of the tokens 1, 2, …; {@link Vocabulary#UNKNOWN} has {@link ModelShape#NEVER}. */
final class HiddenOutput implements OutputLayer {

    private final ModelShape shape;

    HiddenOutput(ModelShape shape) {
        this.shape = shape;
    }

    @Override
    public void forward(Kernels kernels, Activations activations, Block block) {
        float[] m = activations.array();
        Matrix hidden = activations.layer(shape.layers() - 1).hidden();
        Matrix logits = activations.logits();
        for (int step = activations.firstLossStep(); step < activations.timeSteps(); step++) {
            for (int lane = block.first(); lane < block.first() + block.lanes(); lane++) {
                int row = step * activations.paddedLanes() + lane;
                m[logits.element(row, Vocabulary.UNKNOWN_ID)] = ModelShape.NEVER;
                for (int unit = 0; unit < shape.hidden(); unit++) {
                    m[logits.element(row, unit + 1)] = m[hidden.element(row + activations.paddedLanes(), unit)];
                }
                for (int column = shape.vocabulary(); column < logits.columns(); column++) {
                    m[logits.element(row, column)] = PADDING;
                }
            }
        }
    }

    @Override
    public void backward(Kernels kernels, Activations activations, Block block) {
        float[] m = activations.array();
        Matrix logits = activations.logits();
        Matrix gradient = activations.gradient();
        activations.clearGradient(block, Matrix.padded(shape.hidden()) / Matrix.PANEL);
        for (int step = activations.firstLossStep(); step < activations.timeSteps(); step++) {
            for (int lane = block.first(); lane < block.first() + block.lanes(); lane++) {
                int row = step * activations.paddedLanes() + lane;
                for (int unit = 0; unit < shape.hidden(); unit++) {
                    m[gradient.element(row, unit)] = m[logits.element(row, unit + 1)];
                }
            }
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }
}

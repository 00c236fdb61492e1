package io.inkstream.languagemodel.bptt;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightsTest {

    private static final int UNITS = 210;
    private static final int VOCABULARY = 1_100;
    private static final int TIME_STEPS = 3;
    private static final int FIRST_STEP = 1;

    private final Kernels kernels = Kernels.ofThisProcessor();
    private final Random random = new Random(1);
    private final Activations activations =
            new Activations(new ModelShape(Cell.RNN_TANH, 1, UNITS, 0, VOCABULARY), 24, TIME_STEPS, TIME_STEPS, 2);
    private final float[] m = activations.array();

    /** Logits, and their gradient, have more panels than are multiplied at a time. */
    @Test
    void aProductThatIsCutIntoPiecesHasTheBitsOfTheWholeOne() {
        // Given
        Weights weights = weights(VOCABULARY, UNITS);
        Matrix x = activations.logits();
        Matrix y = activations.gradient();

        // When
        fill(m);
        float[] before = m.clone();
        for (Block block : activations.blocks()) {
            weights.multiplyAdd(kernels, activations, block, FIRST_STEP, x, 0, y, 0);
        }
        float[] inPieces = m.clone();
        System.arraycopy(before, 0, m, 0, m.length);
        for (Block block : activations.blocks()) {
            for (int step = FIRST_STEP; step < TIME_STEPS; step++) {
                int row = activations.firstRow(step, block);
                for (int panel = 0; panel < y.panels(); panel++) {
                    weights.multiplyAdd(
                            kernels, block.lanes(), m, x.index(0, row), x.panelSize(), panel, y.index(panel, row));
                }
            }
        }

        // Then
        assertThat(inPieces).isEqualTo(m).isNotEqualTo(before);
    }

    @Test
    void soHasAProductWithTheTranspose() {
        // Given
        Weights weights = weights(UNITS, VOCABULARY);
        Matrix dy = activations.logits();
        Matrix dx = activations.gradient();

        // When
        fill(m);
        float[] before = m.clone();
        for (Block block : activations.blocks()) {
            weights.multiplyTransposedAdd(kernels, activations, block, FIRST_STEP, dy, 0, dx);
        }
        float[] inPieces = m.clone();
        System.arraycopy(before, 0, m, 0, m.length);
        for (Block block : activations.blocks()) {
            for (int step = FIRST_STEP; step < TIME_STEPS; step++) {
                int row = activations.firstRow(step, block);
                for (int panel = 0; panel < dx.panels(); panel++) {
                    weights.multiplyTransposedAdd(
                            kernels, block.lanes(), m, dy.index(0, row), dy.panelSize(), panel, dx.index(panel, row));
                }
            }
        }

        // Then
        assertThat(inPieces).isEqualTo(m).isNotEqualTo(before);
    }

    private Weights weights(int inputs, int outputs) {
        Arena arena = new Arena();
        Weights weights = new Weights(arena, inputs, outputs, Optional.of(OptimizerRule.SGD));
        fill(arena.array());
        weights.loaded();
        return weights;
    }

    private void fill(float[] array) {
        for (int i = 0; i < array.length; i++) {
            array[i] = random.nextFloat() - 0.5f;
        }
    }
}

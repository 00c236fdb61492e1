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
import java.util.function.Consumer;
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
    private final Matrix logits = activations.logits();
    private final Matrix gradient = activations.gradient();

    /** One panel of a product: of some lanes, from the row at one index to the row at another. */
    private interface PanelProduct {

        void compute(int lanes, int from, int panel, int to);
    }

    /** Logits, and their gradient, have more panels than are multiplied at a time. */
    @Test
    void aProductThatIsCutIntoPiecesHasTheBitsOfTheWholeOne() {
        Weights weights = weights(VOCABULARY, UNITS);
        assertSameBits(
                block -> weights.multiplyAdd(kernels, activations, block, FIRST_STEP, logits, 0, gradient, 0),
                (lanes, from, panel, to) ->
                        weights.multiplyAdd(kernels, lanes, m, from, logits.panelSize(), panel, to));
    }

    @Test
    void soHasAProductWithTheTranspose() {
        Weights weights = weights(UNITS, VOCABULARY);
        assertSameBits(
                block -> weights.multiplyTransposedAdd(kernels, activations, block, FIRST_STEP, logits, 0, gradient),
                (lanes, from, panel, to) ->
                        weights.multiplyTransposedAdd(kernels, lanes, m, from, logits.panelSize(), panel, to));
    }

    /** Both add a product of the logits to the gradient. */
    private void assertSameBits(Consumer<Block> inPieces, PanelProduct whole) {
        fill(m);
        float[] before = m.clone();
        float[] cut = computed(before, inPieces);
        float[] uncut = computed(before, block -> {
            for (int step = FIRST_STEP; step < TIME_STEPS; step++) {
                int row = activations.firstRow(step, block);
                for (int panel = 0; panel < gradient.panels(); panel++) {
                    whole.compute(block.lanes(), logits.index(0, row), panel, gradient.index(panel, row));
                }
            }
        });
        assertThat(cut).isEqualTo(uncut).isNotEqualTo(before);
    }

    private float[] computed(float[] before, Consumer<Block> product) {
        System.arraycopy(before, 0, m, 0, m.length);
        activations.blocks().forEach(product);
        return m.clone();
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

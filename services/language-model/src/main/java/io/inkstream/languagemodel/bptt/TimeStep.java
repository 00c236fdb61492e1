package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import java.util.ArrayList;
import java.util.List;

/**
 * One time step of some sequences of a {@link FrozenNetwork}. What is computed for a lane does not depend on the others.
 * Used by one thread at a time.
 */
public final class TimeStep {

    /** Maximum number of lanes. */
    public static final int MAX_LANES = 32;

    private final Layers layers;
    private final Kernels kernels = Kernels.ofThisProcessor();
    private final Activations activations;
    /** The first lanes, for each number of them. */
    private final List<Block> blocks = new ArrayList<>();

    TimeStep(Layers layers) {
        this.layers = layers;
        this.activations = new Activations(layers.shape(), MAX_LANES, 1, 1, 1);
        Block all = activations.blocks().get(0);
        for (int lanes = 0; lanes <= MAX_LANES; lanes++) {
            blocks.add(all.withLanes(lanes));
        }
    }

    /**
     * Sets what a lane starts from.
     *
     * @param state as {@link #getState} returned it, or zeros: {@link FrozenNetwork#stateSize} floats
     * @param token the token that is fed
     */
    public void set(int lane, float[] state, int token) {
        activations.inputs()[lane] = token * Matrix.PANEL;
        copyState(lane, state, 0, true);
    }

    /** Computes the states of the first lanes after their tokens. */
    public void computeStates(int lanes) {
        layers.forward(kernels, activations, blocks.get(computed(lanes)));
    }

    /** Computes the logits of the first lanes from their states. */
    public void computeLogits(int lanes) {
        layers.computeLogits(kernels, activations, blocks.get(computed(lanes)));
    }

    /** Copies the state after the time step. */
    public void getState(int lane, float[] state) {
        copyState(lane, state, activations.paddedLanes(), false);
    }

    /**
     * Copies the logits.
     *
     * @param logits (V)
     */
    public void getLogits(int lane, float[] logits) {
        Matrix matrix = activations.logits();
        for (int from = 0; from < logits.length; from += Matrix.PANEL) {
            int length = Math.min(Matrix.PANEL, logits.length - from);
            System.arraycopy(activations.array(), matrix.element(lane, from), logits, from, length);
        }
    }

    /** Lanes that are computed: more than one are padded with what happens to be in the others. */
    private static int computed(int lanes) {
        return lanes <= 1 ? lanes : Activations.padded(lanes);
    }

    private void copyState(int lane, float[] state, int firstRow, boolean in) {
        float[] m = activations.array();
        ModelShape shape = layers.shape();
        int at = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            LayerActivations of = activations.layer(layer);
            at = copyRow(m, of.hidden(), firstRow + lane, state, at, in);
            if (shape.cell().hasCellState()) {
                at = copyRow(m, of.cell(), firstRow + lane, state, at, in);
            }
        }
    }

    private static int copyRow(float[] m, Matrix matrix, int row, float[] state, int at, boolean in) {
        int position = at;
        for (int panel = 0; panel < matrix.panels(); panel++) {
            int index = matrix.index(panel, row);
            if (in) {
                System.arraycopy(state, position, m, index, Matrix.PANEL);
            } else {
                System.arraycopy(m, index, state, position, Matrix.PANEL);
            }
            position += Matrix.PANEL;
        }
        return position;
    }
}

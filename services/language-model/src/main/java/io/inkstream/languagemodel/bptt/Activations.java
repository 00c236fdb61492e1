package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a forward pass computes and a backward pass reads, for minibatches of one size. The rows of a matrix are time-major:
 * row t·B + b is lane b at time step t, and B is padded to a multiple of {@value #LANE_MULTIPLE}. Padding lanes read token 0
 * and contribute zeros to every gradient.
 */
final class Activations {

    /** The kernels multiply four rows at a time. */
    private static final int LANE_MULTIPLE = 4;

    /** Rows of the tiles that are fastest. */
    private static final int TILE = 8;

    /** Maximum lanes of a block: their states stay in a core's cache from one time step to the next. */
    private static final int MAX_BLOCK = 32;

    private final ModelShape shape;
    private final int lanes;
    private final int paddedLanes;
    private final int timeSteps;
    private final Arena arena = new Arena();
    private final List<LayerActivations> layers = new ArrayList<>();
    private final Matrix logits;
    private final Matrix input;
    private final Matrix gradient;
    private final List<Block> blocks = new ArrayList<>();
    private final int[] inputs;
    private final int[] targets;
    private final double[] losses;
    private final int window;

    /**
     * The activations of minibatches.
     *
     * @param lanes B
     * @param timeSteps T, of all windows that gradients flow through
     * @param window time steps of the last window, which has the loss
     * @param threads how many share the lanes
     */
    Activations(ModelShape shape, int lanes, int timeSteps, int window, int threads) {
        this.shape = shape;
        this.window = window;
        this.lanes = lanes;
        this.timeSteps = timeSteps;
        this.paddedLanes = padded(lanes);
        int rows = Math.multiplyExact(timeSteps, paddedLanes);
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(LayerActivations.place(arena, shape, rows, paddedLanes));
        }
        this.logits = arena.matrix(rows, shape.vocabulary());
        this.input = arena.matrix(shape.embedding() > 0 ? rows : 0, shape.embedding());
        this.gradient = arena.matrix(rows, Math.max(shape.hidden(), shape.embedding()));
        int share = (paddedLanes + threads - 1) / threads;
        int blockLanes = Math.min(MAX_BLOCK, (share + TILE - 1) / TILE * TILE);
        for (int first = 0; first < paddedLanes; first += blockLanes) {
            blocks.add(Block.place(arena, shape, first, Math.min(blockLanes, paddedLanes - first)));
        }
        this.inputs = new int[rows];
        this.targets = new int[rows];
        this.losses = new double[lanes];
    }

    /** The least number of lanes that the kernels multiply together and that is at least this. */
    static int padded(int lanes) {
        return Math.multiplyExact((lanes + LANE_MULTIPLE - 1) / LANE_MULTIPLE, LANE_MULTIPLE);
    }

    /** The array of all matrices. */
    float[] array() {
        return arena.array();
    }

    int lanes() {
        return lanes;
    }

    /** B, padded: rows of a time step. */
    int paddedLanes() {
        return paddedLanes;
    }

    int timeSteps() {
        return timeSteps;
    }

    /** T·B, padded. */
    int rows() {
        return timeSteps * paddedLanes;
    }

    /** The row of a block's first lane at a time step. */
    int firstRow(int timeStep, Block block) {
        return timeStep * paddedLanes + block.first();
    }

    /** Time steps of the last window, which has the loss. */
    int window() {
        return window;
    }

    /** The first time step that has a loss. */
    int firstLossStep() {
        return timeSteps - window;
    }

    /** The first row that has a loss. */
    int firstLossRow() {
        return firstLossStep() * paddedLanes;
    }

    LayerActivations layer(int layer) {
        return layers.get(layer);
    }

    /** The logits (T·B, V), and then their gradient. */
    Matrix logits() {
        return logits;
    }

    /** The embedded tokens (T·B, E); no rows with one-hot input. */
    Matrix input() {
        return input;
    }

    /** The gradient of the outputs of a layer (T·B, H), and of the embedded tokens (T·B, E). */
    Matrix gradient() {
        return gradient;
    }

    /** Sets the first panels of the gradient of a block to zero, at all time steps. */
    void clearGradient(Block block, int panels) {
        float[] m = arena.array();
        for (int step = 0; step < timeSteps; step++) {
            int row = firstRow(step, block);
            for (int panel = 0; panel < panels; panel++) {
                int from = gradient.index(panel, row);
                Arrays.fill(m, from, from + block.lanes() * Matrix.PANEL, 0);
            }
        }
    }

    /** The lanes, cut into blocks that are computed independently of each other. */
    List<Block> blocks() {
        return blocks;
    }

    /** The input of each row: the token's row in a table, as an offset within a panel. */
    int[] inputs() {
        return inputs;
    }

    /** The target of each row: a token. */
    int[] targets() {
        return targets;
    }

    /** The sum of the cross-entropy of each lane, in nats. */
    double[] losses() {
        return losses;
    }

    /** The cross-entropy of all lanes, in ascending order, in nats. */
    double loss() {
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum;
    }

    /** Takes the tokens of a window, (T, B), time-major, from this time step on. */
    void readTokens(int fromStep, long[] windowInputs, long[] windowTargets) {
        for (int i = 0; i < windowInputs.length; i++) {
            int row = (fromStep + i / lanes) * paddedLanes + i % lanes;
            inputs[row] = (int) windowInputs[i] * Matrix.PANEL;
            targets[row] = (int) windowTargets[i];
        }
    }

    /** Starts from zero states. */
    void clearState() {
        for (LayerActivations layer : layers) {
            for (Matrix state : layer.states()) {
                for (int panel = 0; panel < state.panels(); panel++) {
                    Arrays.fill(array(), state.index(panel, 0), state.index(panel, paddedLanes), 0);
                }
            }
        }
    }

    /** Makes the states after this many time steps those before the first. */
    void carryState(int steps) {
        float[] m = array();
        for (LayerActivations layer : layers) {
            for (Matrix state : layer.states()) {
                for (int panel = 0; panel < state.panels(); panel++) {
                    System.arraycopy(
                            m,
                            state.index(panel, steps * paddedLanes),
                            m,
                            state.index(panel, 0),
                            paddedLanes * Matrix.PANEL);
                }
            }
        }
    }

    /** Takes the states before the first time step from tensors as {@link #state} returns them. */
    void readState(List<Tensor> tensors) {
        forEachStateElement((state, kind, layer, lane, unit) -> array()[state.element(lane, unit)] =
                tensors.get(kind).values()[(layer * lanes + lane) * shape.hidden() + unit]);
    }

    /** The states before the first time step: hidden (L, B, H), then an LSTM's cell state (L, B, H). */
    List<Tensor> state() {
        List<Tensor> tensors = new ArrayList<>();
        for (int kind = 0; kind < layers.get(0).states().size(); kind++) {
            tensors.add(Tensor.zeros(shape.layers(), lanes, shape.hidden()));
        }
        forEachStateElement((state, kind, layer, lane, unit) ->
                tensors.get(kind).values()[(layer * lanes + lane) * shape.hidden() + unit] =
                        array()[state.element(lane, unit)]);
        return tensors;
    }

    private interface StateElement {

        void visit(Matrix state, int kind, int layer, int lane, int unit);
    }

    private void forEachStateElement(StateElement visitor) {
        for (int layer = 0; layer < layers.size(); layer++) {
            List<Matrix> states = layers.get(layer).states();
            for (int kind = 0; kind < states.size(); kind++) {
                for (int lane = 0; lane < lanes; lane++) {
                    for (int unit = 0; unit < shape.hidden(); unit++) {
                        visitor.visit(states.get(kind), kind, layer, lane, unit);
                    }
                }
            }
        }
    }
}

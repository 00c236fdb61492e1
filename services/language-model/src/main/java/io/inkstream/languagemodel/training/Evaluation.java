package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.corpus.TokenSource;
import io.inkstream.languagemodel.network.Implementation;

/**
 * Measures the perplexity of a network on text that it is not trained on, window by window.
 *
 * <p>The text is cut into contiguous lanes of equal length; as many as possible with at least {@value
 * #WINDOWS_PER_LANE} windows each, between 1 and the lanes of a minibatch. Each lane starts with a zero state, which is
 * carried to its end. Every token of a lane except the first is predicted once.
 */
public final class Evaluation implements AutoCloseable {

    /** A lane's first tokens are predicted without context; this keeps their share small. */
    private static final int WINDOWS_PER_LANE = 8;

    private final RecurrentNetwork network;
    private final NDManager manager;
    private final TokenSource text;
    private final int lanes;
    private final int window;
    private final long laneLength;
    private NDList state;
    private long done;
    private double lossSum;

    /**
     * An evaluation that has not started.
     *
     * @param text at least 2 tokens, all of which the network knows
     * @param maxLanes lanes of a minibatch
     * @param window time steps of a window
     */
    Evaluation(RecurrentNetwork network, NDManager parent, TokenSource text, int maxLanes, int window) {
        long predicted = text.size() - 1;
        this.network = network;
        this.manager = parent.newSubManager();
        this.text = text;
        this.window = window;
        this.lanes = (int) Math.max(1, Math.min(maxLanes, predicted / ((long) WINDOWS_PER_LANE * window)));
        this.laneLength = predicted / lanes;
        this.state = network.zeroState(manager, lanes);
    }

    /**
     * The perplexity of a checkpoint's network.
     *
     * @param text at least 2 tokens, all of which the network knows
     * @param maxLanes lanes of a minibatch
     * @param window time steps of a window
     */
    public static double perplexity(
            Checkpoint checkpoint, TokenSource text, int maxLanes, int window, ComputeDevice device) {
        try (NDManager manager = NDManager.newBaseManager(device.device(), "PyTorch");
                RecurrentNetwork network = new RecurrentNetwork(
                        manager, checkpoint.shape(), checkpoint.parameters(), Implementation.NATIVE);
                Evaluation evaluation = new Evaluation(network, manager, text, maxLanes, window)) {
            while (!evaluation.done()) {
                evaluation.step();
            }
            return evaluation.perplexity();
        }
    }

    /** True when the whole text has been evaluated. */
    boolean done() {
        return done == laneLength;
    }

    /** Evaluates the next window; waits for the device. */
    void step() {
        int steps = (int) Math.min(window, laneLength - done);
        JniUtils.setGradMode(false);
        try (NDScope scope = new NDScope();
                NDManager scratch = manager.newSubManager()) {
            scope.suppressNotUsedWarning();
            NDList result = network.hiddenStates(scratch.create(tokens(0, steps), new Shape(steps, lanes)), state);
            NDArray targets = scratch.create(tokens(1, steps), new Shape((long) steps * lanes, 1));
            double loss = network.crossEntropy(result.get(0), targets).getFloat();
            lossSum += loss * steps * lanes;
            NDList next = kept(result.subNDList(1));
            state.close();
            state = next;
        }
        done += steps;
    }

    /** exp(mean cross-entropy) of the text evaluated so far. */
    double perplexity() {
        return Math.exp(lossSum / (done * lanes));
    }

    @Override
    public void close() {
        manager.close();
    }

    /** The next time steps of all lanes, shifted, (T, B). */
    private long[] tokens(int shift, int steps) {
        long[] tokens = new long[steps * lanes];
        for (int lane = 0; lane < lanes; lane++) {
            for (int time = 0; time < steps; time++) {
                tokens[time * lanes + lane] = text.id(lane * laneLength + done + time + shift);
            }
        }
        return tokens;
    }

    private NDList kept(NDList arrays) {
        arrays.forEach(array -> {
            NDScope.unregister(array);
            array.attach(manager);
        });
        return arrays;
    }
}

package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.corpus.TokenSource;
import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.ForwardPass;
import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.settings.OptimizerRule;

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

    private final TokenSource text;
    private final int lanes;
    private final int window;
    private final long laneLength;
    private final ForwardPass pass;
    private long done;
    private double lossSum;

    /**
     * An evaluation that has not started.
     *
     * @param text at least 2 tokens, all of which the network knows
     * @param maxLanes lanes of a minibatch
     * @param window time steps of a window
     */
    Evaluation(TrainedNetwork network, TokenSource text, int maxLanes, int window) {
        long predicted = text.size() - 1;
        this.text = text;
        this.window = window;
        this.lanes = (int) Math.max(1, Math.min(maxLanes, predicted / ((long) WINDOWS_PER_LANE * window)));
        this.laneLength = predicted / lanes;
        this.pass = network.forwardPass(lanes);
    }

    /**
     * The perplexity of a checkpoint's network.
     *
     * @param text at least 2 tokens, all of which the network knows
     * @param maxLanes lanes of a minibatch
     * @param window time steps of a window
     */
    public static double perplexity(Checkpoint checkpoint, TokenSource text, int maxLanes, int window, Engine engine) {
        NetworkState state = NetworkState.of(checkpoint.shape(), checkpoint.parameters());
        try (TrainedNetwork network = engine.network(state, OptimizerRule.SGD);
                Evaluation evaluation = new Evaluation(network, text, maxLanes, window)) {
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
        lossSum += pass.crossEntropy(tokens(0, steps), tokens(1, steps));
        done += steps;
    }

    /** exp(mean cross-entropy) of the text evaluated so far. */
    double perplexity() {
        return Math.exp(lossSum / (done * lanes));
    }

    @Override
    public void close() {
        pass.close();
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
}

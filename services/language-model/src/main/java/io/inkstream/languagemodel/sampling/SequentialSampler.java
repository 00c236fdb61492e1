package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;

/**
 * Sequential partitioning: from an offset on, the corpus is cut into B contiguous lanes of equal length, and minibatch i
 * has time steps i·T to (i+1)·T - 1 of each lane. The hidden state starts from zero with the first.
 */
public final class SequentialSampler implements Sampler {

    private final TokenSource corpus;
    private final int lanes;
    private final int window;
    private final int offset;
    private final long laneLength;

    /** Lanes from a random offset in [0, T], so that each epoch cuts the text at different positions. */
    static SequentialSampler fromRandomOffset(TokenSource corpus, int lanes, int window, long seed, int epoch) {
        int offset = Seeds.random(seed, "sampling", epoch).nextInt(window + 1);
        return new SequentialSampler(corpus, lanes, window, offset);
    }

    /** Lanes from the first token, so that each token is an input once. */
    static SequentialSampler fromFirstToken(TokenSource corpus, int lanes, int window) {
        return new SequentialSampler(corpus, lanes, window, 0);
    }

    private SequentialSampler(TokenSource corpus, int lanes, int window, int offset) {
        this.corpus = corpus;
        this.lanes = lanes;
        this.window = window;
        this.offset = offset;
        this.laneLength = (corpus.size() - offset - 1) / lanes;
    }

    @Override
    public int minibatches() {
        return Math.toIntExact(laneLength / window);
    }

    @Override
    public Minibatch minibatch(int index) {
        long[] inputs = new long[window * lanes];
        long[] targets = new long[window * lanes];
        for (int lane = 0; lane < lanes; lane++) {
            long start = offset + lane * laneLength + (long) index * window;
            for (int time = 0; time < window; time++) {
                inputs[time * lanes + lane] = corpus.id(start + time);
                targets[time * lanes + lane] = corpus.id(start + time + 1);
            }
        }
        return new Minibatch(window, lanes, inputs, targets, index == 0);
    }
}

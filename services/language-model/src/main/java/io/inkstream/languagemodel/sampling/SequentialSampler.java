package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;

/**
 * Sequential partitioning: from an offset on, the corpus is cut into B contiguous lanes of equal length, and minibatch i
 * has time steps i·T to (i+1)·T - 1 of each lane. The hidden state starts from zero with the first.
 */
public final class SequentialSampler extends Sampler {

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
        super(corpus, lanes, window);
        this.offset = offset;
        this.laneLength = (corpus.size() - offset - 1) / lanes;
    }

    @Override
    public int minibatches() {
        return Math.toIntExact(laneLength / window);
    }

    @Override
    long start(int index, int lane) {
        return offset + lane * laneLength + (long) index * window;
    }

    @Override
    boolean startsFresh(int index) {
        return index == 0;
    }
}

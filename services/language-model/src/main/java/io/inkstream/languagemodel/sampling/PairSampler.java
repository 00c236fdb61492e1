package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;

/**
 * Pairs: the tokens are read in twos, the first an input and the second its target, as in the tutorial in which a
 * network learns to map {@code hello} to {@code ohlol}. The pairs are cut into windows of T, in order; each minibatch
 * takes the next B windows, with a zero hidden state. Nothing is random.
 */
public final class PairSampler implements Sampler {

    private final TokenSource corpus;
    private final int lanes;
    private final int window;

    PairSampler(TokenSource corpus, int lanes, int window) {
        this.corpus = corpus;
        this.lanes = lanes;
        this.window = window;
    }

    @Override
    public int minibatches() {
        return Math.toIntExact(corpus.size() / 2 / window / lanes);
    }

    @Override
    public Minibatch minibatch(int index) {
        long[] inputs = new long[window * lanes];
        long[] targets = new long[window * lanes];
        for (int lane = 0; lane < lanes; lane++) {
            long start = ((long) index * lanes + lane) * window;
            for (int time = 0; time < window; time++) {
                inputs[time * lanes + lane] = corpus.id(2 * (start + time));
                targets[time * lanes + lane] = corpus.id(2 * (start + time) + 1);
            }
        }
        return new Minibatch(window, lanes, inputs, targets, true);
    }
}

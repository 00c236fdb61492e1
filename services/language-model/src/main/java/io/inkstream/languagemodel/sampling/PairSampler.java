package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;

/**
 * Pairs: the tokens are read in twos, the first an input and the second its target, as in the tutorial in which a
 * network learns to map {@code hello} to {@code ohlol}. The pairs are cut into windows of T, in order; each minibatch
 * takes the next B windows, with a zero hidden state. Nothing is random.
 */
public final class PairSampler extends Sampler {

    PairSampler(TokenSource corpus, int lanes, int window) {
        super(corpus, lanes, window);
    }

    @Override
    public int minibatches() {
        return Math.toIntExact(corpus.size() / 2 / window / lanes);
    }

    @Override
    long start(int index, int lane) {
        return 2 * ((long) index * lanes + lane) * window;
    }

    @Override
    int stride() {
        return 2;
    }
}

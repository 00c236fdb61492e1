package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;

/** The minibatches of one epoch. Any of them can be made at any time, so training can go on in the middle of an epoch. */
public interface Sampler {

    /** How minibatches are cut from a corpus. */
    enum Method {
        /** Contiguous lanes from a random offset; the hidden state is carried from minibatch to minibatch. */
        SEQUENTIAL,
        /** Windows in shuffled order, each from a zero state. */
        RANDOM,
        /** Tokens in twos, an input and its target; windows of such pairs in order, each from a zero state. */
        PAIRS
    }

    /** Number of minibatches in the epoch. */
    int minibatches();

    /**
     * A minibatch.
     *
     * @param index 0 to {@code minibatches() - 1}
     */
    Minibatch minibatch(int index);

    /**
     * The sampler of an epoch.
     *
     * @param corpus the tokens; all of them are covered
     * @param lanes parallel sequences B
     * @param window time steps T
     * @param seed the corpus's seed
     * @param epoch which epoch
     */
    static Sampler of(Method method, TokenSource corpus, int lanes, int window, long seed, int epoch) {
        return switch (method) {
            case SEQUENTIAL -> new SequentialSampler(corpus, lanes, window, seed, epoch);
            case RANDOM -> new RandomSampler(corpus, lanes, window, seed, epoch);
            case PAIRS -> new PairSampler(corpus, lanes, window);
        };
    }

    /** The fewest tokens that give a minibatch whatever the random offset. */
    static long fewestTokens(Method method, int lanes, int window) {
        return method == Method.PAIRS ? 2L * lanes * window : (long) lanes * window + window + 1;
    }
}

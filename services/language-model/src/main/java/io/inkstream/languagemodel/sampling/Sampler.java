package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;

/** The minibatches of one epoch. They can be created in any order, so training can resume in the middle of an epoch. */
public abstract class Sampler {

    /** How minibatches are cut from a corpus. */
    public enum Method {
        /** Contiguous lanes from a random offset; the hidden state is carried from minibatch to minibatch. */
        SEQUENTIAL,
        /** Windows in shuffled order, each from a zero state. */
        RANDOM,
        /** Tokens in twos, an input and its target; windows of such pairs in order, each from a zero state. */
        PAIRS,
        /** Each token once, in stream order: an epoch is the next stretch of the stream, one segment of it for each lane. */
        ONLINE
    }

    final TokenSource corpus;
    final int lanes;
    final int window;

    /** Minibatches of a corpus, of B lanes and T time steps. */
    Sampler(TokenSource corpus, int lanes, int window) {
        this.corpus = corpus;
        this.lanes = lanes;
        this.window = window;
    }

    /** Number of minibatches in the epoch. */
    public abstract int minibatches();

    /** Position of the first input of a lane of a minibatch. */
    abstract long start(int index, int lane);

    /** Tokens from one input to the next. */
    int stride() {
        return 1;
    }

    /** Whether the hidden state is zero before a minibatch. */
    boolean startsFresh(int index) {
        return true;
    }

    /** A minibatch to be read into. */
    public final Minibatch buffer() {
        return Minibatch.empty(window, lanes);
    }

    /**
     * Reads a minibatch.
     *
     * @param index 0 to {@code minibatches() - 1}
     * @param buffer of B lanes and T time steps; its arrays are overwritten, and are those of the result
     */
    public final Minibatch read(int index, Minibatch buffer) {
        for (int lane = 0; lane < lanes; lane++) {
            buffer.readLane(lane, corpus, start(index, lane), stride());
        }
        return buffer.withFreshState(startsFresh(index));
    }

    /**
     * A minibatch in arrays of its own.
     *
     * @param index 0 to {@code minibatches() - 1}
     */
    public final Minibatch minibatch(int index) {
        return read(index, buffer());
    }

    /**
     * The sampler of an epoch.
     *
     * @param corpus the tokens; all of them are covered. Online: a stretch of the stream, and the token after it
     * @param lanes parallel sequences B
     * @param window time steps T
     * @param seed the corpus's seed
     * @param epoch number of the epoch
     */
    public static Sampler of(Method method, TokenSource corpus, int lanes, int window, long seed, int epoch) {
        return switch (method) {
            case SEQUENTIAL -> SequentialSampler.fromRandomOffset(corpus, lanes, window, seed, epoch);
            case RANDOM -> new RandomSampler(corpus, lanes, window, seed, epoch);
            case PAIRS -> new PairSampler(corpus, lanes, window);
            case ONLINE -> SequentialSampler.fromFirstToken(corpus, lanes, window);
        };
    }

    /**
     * The minimum number of tokens for an epoch, whatever the random offset.
     *
     * @param segmentWindows windows of a segment, for online sampling
     */
    public static long fewestTokens(Method method, int lanes, int window, int segmentWindows) {
        long minibatch = (long) lanes * window;
        return switch (method) {
            case SEQUENTIAL, RANDOM -> minibatch + window + 1;
            case PAIRS -> 2 * minibatch;
            case ONLINE -> minibatch * segmentWindows + 1;
        };
    }
}

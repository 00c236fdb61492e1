package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;

/**
 * One minibatch of truncated backpropagation through time.
 *
 * @param window time steps T
 * @param lanes parallel sequences B
 * @param inputs token ids (T, B), time-major
 * @param targets the token after each input, (T, B), time-major
 * @param freshState true: the hidden state starts from zero; false: it is carried over from the previous minibatch
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Minibatch(int window, int lanes, long[] inputs, long[] targets, boolean freshState) {

    /** A minibatch of zeros, to be read into. */
    public static Minibatch empty(int window, int lanes) {
        int tokens = Math.multiplyExact(window, lanes);
        return new Minibatch(window, lanes, new long[tokens], new long[tokens], true);
    }

    /** The same arrays, from this state. */
    Minibatch withFreshState(boolean fresh) {
        return fresh == freshState ? this : new Minibatch(window, lanes, inputs, targets, fresh);
    }

    /**
     * Reads a lane.
     *
     * @param start position of its first input in the corpus
     * @param stride from one input to the next; the target of an input is the token after it
     */
    void readLane(int lane, TokenSource corpus, long start, int stride) {
        for (int time = 0; time < window; time++) {
            long input = start + (long) stride * time;
            inputs[time * lanes + lane] = corpus.id(input);
            targets[time * lanes + lane] = corpus.id(input + 1);
        }
    }

    /** Number of targets: T·B. */
    public int tokens() {
        return targets.length;
    }
}

package io.inkstream.languagemodel.sampling;

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

    /** Number of targets: T·B. */
    public int tokens() {
        return targets.length;
    }
}

package io.inkstream.languagemodel.engine;

/** Runs a network over text that it is not trained on, window by window, with a hidden state of its own. */
public interface ForwardPass extends AutoCloseable {

    /**
     * Feeds one window; the next one follows it in the text.
     *
     * @param inputs token ids (T, B), time-major
     * @param targets the token after each input, (T, B), time-major
     * @return the sum of the cross-entropy over the T·B targets, in nats; waits for the device
     */
    double crossEntropy(long[] inputs, long[] targets);

    @Override
    void close();
}

package io.inkstream.standalone.cli;

import io.inkstream.platform.InkstreamException;

/** Whether a corpus is long enough for one minibatch, wherever it begins. */
final class EnoughTokens {

    private EnoughTokens() {}

    /** Tokens that a minibatch needs: B lanes of T steps, a first offset of up to T, and one last target. */
    static long needed(int batch, int window) {
        return (long) batch * window + window + 1;
    }

    /**
     * Does nothing when there are enough.
     *
     * @throws InkstreamException that says which batch or window would fit
     */
    static void require(String corpus, long tokens, int batch, int window) {
        if (tokens >= needed(batch, window)) {
            return;
        }
        throw new InkstreamException("%s has %s, and a minibatch of %d lanes of %d needs %s: %s."
                .formatted(
                        corpus,
                        Words.count(tokens, "token"),
                        batch,
                        window,
                        Words.count(needed(batch, window)),
                        advice(tokens, batch, window)));
    }

    private static String advice(long tokens, int batch, int window) {
        long fittingBatch = (tokens - 1 - window) / window;
        long fittingWindow = (tokens - 1) / (batch + 1L);
        if (fittingBatch >= 1 && fittingWindow >= 1) {
            return "take --batch %d or --window %d, or more text".formatted(fittingBatch, fittingWindow);
        }
        if (fittingWindow >= 1) {
            return "take --window %d, or more text".formatted(fittingWindow);
        }
        if (fittingBatch >= 1) {
            return "take --batch %d, or more text".formatted(fittingBatch);
        }
        if (tokens >= needed(1, 1)) {
            return "take --batch 1 --window %d, or more text".formatted((tokens - 1) / 2);
        }
        return "give it more text";
    }
}

package io.inkstream.cli.options;

import io.inkstream.cli.output.Formatting;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.platform.InkstreamException;

/** Whether a corpus is long enough for one minibatch, wherever it begins. */
public final class EnoughTokens {

    private EnoughTokens() {}

    /**
     * Does nothing when there are enough.
     *
     * @param tokens tokens that are used, held-out ones included
     * @throws InkstreamException that says which batch or window would fit
     */
    public static void require(String corpus, long tokens, SamplingSettings sampling) {
        if (sampling.enough(tokens)) {
            return;
        }
        long heldOut = sampling.heldOut(tokens);
        throw new InkstreamException("%s has %s%s, and a minibatch of %s of %d needs %s%s: %s."
                .formatted(
                        corpus,
                        Formatting.count(tokens, "token"),
                        heldOut == 0 ? "" : ", of which %s are held out".formatted(Formatting.count(heldOut)),
                        Formatting.count(sampling.batch(), "lane"),
                        sampling.window(),
                        Formatting.count(sampling.fewestTokens()),
                        sampling.validation() > 0 ? " besides 2 held-out ones" : "",
                        advice(sampling.trained(tokens), sampling)));
    }

    private static String advice(long tokens, SamplingSettings sampling) {
        if (sampling.online()) {
            return "use a smaller --batch, --window or --segment-windows, or more text";
        }
        if (sampling.method() == Sampler.Method.PAIRS) {
            return "use a smaller --batch or --window, or more text";
        }
        int batch = sampling.batch();
        int window = sampling.window();
        long fittingBatch = (tokens - 1 - window) / window;
        long fittingWindow = (tokens - 1) / (batch + 1L);
        if (fittingBatch >= batch) {
            return "use a larger --validation, or more text";
        }
        if (fittingBatch >= 1 && fittingWindow >= 1) {
            return "use --batch %d or --window %d, or more text".formatted(fittingBatch, fittingWindow);
        }
        if (fittingWindow >= 1) {
            return "use --window %d, or more text".formatted(fittingWindow);
        }
        if (fittingBatch >= 1) {
            return "use --batch %d, or more text".formatted(fittingBatch);
        }
        if (tokens >= Sampler.fewestTokens(sampling.method(), 1, 1, 1)) {
            return "use --batch 1 --window %d, or more text".formatted((tokens - 1) / 2);
        }
        return "add more text";
    }
}

package io.inkstream.languagemodel.settings;

import static io.inkstream.languagemodel.settings.Requirement.require;

import io.inkstream.languagemodel.sampling.Sampler;

/**
 * Which tokens are trained on, and how minibatches are cut from them.
 *
 * @param method how minibatches are cut
 * @param batch lanes B of a minibatch, at least 1
 * @param window time steps T of a minibatch, at least 1
 * @param gradientWindows windows that gradients flow back through, at least 1; above 1 with sequential sampling only
 * @param maxTokens number of tokens, from the start, that are used; 0: all
 * @param minFrequency tokens that occur less often when an epoch begins read as {@code <unk>}; at least 1
 * @param validation share of the used tokens, counted from the end, that is held out of training; 0: none, at most 0.5
 * @param segmentWindows windows of a segment of the stream, at least 1; applies to online sampling only
 */
public record SamplingSettings(
        Sampler.Method method,
        int batch,
        int window,
        int gradientWindows,
        long maxTokens,
        int minFrequency,
        double validation,
        int segmentWindows) {

    /** Long enough for a useful hidden state, and quickly filled by a steady stream. */
    public static final int DEFAULT_SEGMENT_WINDOWS = 8;

    private static final double MAX_VALIDATION = 0.5;

    /** One to read and one to predict. */
    private static final int MIN_HELD_OUT = 2;

    public SamplingSettings {
        require(batch >= 1, "batch must be at least 1, not " + batch);
        require(window >= 1, "window must be at least 1, not " + window);
        require(gradientWindows >= 1, "gradient windows must be at least 1, not " + gradientWindows);
        require(
                gradientWindows == 1 || method == Sampler.Method.SEQUENTIAL,
                "gradients can flow through several windows with sequential sampling only: each window of the others starts from a zero state");
        require(
                validation == 0 || method != Sampler.Method.PAIRS,
                "pairs of input and target are not running text that could be held out: leave validation at 0");
        require(minFrequency >= 1, "min-frequency must be at least 1, not " + minFrequency);
        require(
                validation >= 0 && validation <= MAX_VALIDATION,
                "validation must be between 0 (none) and %s of the tokens, not %s"
                        .formatted(MAX_VALIDATION, validation));
        require(segmentWindows >= 1, "segment windows must be at least 1, not " + segmentWindows);
        require(
                method != Sampler.Method.ONLINE || (minFrequency == 1 && validation == 0),
                "online sampling trains on each token as it arrives, so none can be held out or counted before: leave validation at 0 and min-frequency at 1");
        long fewest = Sampler.fewestTokens(method, batch, window, segmentWindows);
        require(
                maxTokens == 0 || maxTokens - (long) (maxTokens * validation) >= fewest,
                "max-tokens must be 0 (all) or leave at least %d for training with batch %d and window %d%s, not %d"
                        .formatted(
                                fewest,
                                batch,
                                window,
                                method == Sampler.Method.ONLINE ? " in segments of " + segmentWindows : "",
                                maxTokens));
    }

    /** All tokens, none held out, gradients through one window. */
    public static SamplingSettings of(Sampler.Method method, int batch, int window) {
        return new SamplingSettings(method, batch, window, 1, 0, 1, 0, DEFAULT_SEGMENT_WINDOWS);
    }

    /** The same with only this number of tokens, from the start; 0: all. */
    public SamplingSettings withMaxTokens(long tokens) {
        return new SamplingSettings(
                method, batch, window, gradientWindows, tokens, minFrequency, validation, segmentWindows);
    }

    /** The same with rarer tokens read as {@code <unk>}. */
    public SamplingSettings withMinFrequency(int frequency) {
        return new SamplingSettings(
                method, batch, window, gradientWindows, maxTokens, frequency, validation, segmentWindows);
    }

    /** The same with gradients through this number of windows. */
    public SamplingSettings withGradientWindows(int windows) {
        return new SamplingSettings(
                method, batch, window, windows, maxTokens, minFrequency, validation, segmentWindows);
    }

    /** The same with this share of the tokens held out. */
    public SamplingSettings withValidation(double share) {
        return new SamplingSettings(
                method, batch, window, gradientWindows, maxTokens, minFrequency, share, segmentWindows);
    }

    /** The same with segments of this number of windows. */
    public SamplingSettings withSegmentWindows(int windows) {
        return new SamplingSettings(
                method, batch, window, gradientWindows, maxTokens, minFrequency, validation, windows);
    }

    /** True when each token is trained on once, as it arrives. */
    public boolean online() {
        return method == Sampler.Method.ONLINE;
    }

    /** Tokens that the lanes take from the stream at a time with online sampling: B segments. */
    public long stretch() {
        return (long) batch * window * segmentWindows;
    }

    /** The minimum number of tokens for a minibatch, wherever it starts. */
    public long fewestTokens() {
        return Sampler.fewestTokens(method, batch, window, segmentWindows);
    }

    /** Number of the known tokens that an epoch that begins now trains on. */
    public long trained(long knownTokens) {
        return usable(knownTokens) - heldOut(knownTokens);
    }

    /**
     * Number of tokens, from the start of the corpus, that must be known for an epoch: with online sampling one more than
     * it trains on, as the target of the last input is in the next stretch.
     *
     * @param trained position after the last token that it trains on
     */
    public long read(long trained) {
        return online() ? trained + 1 : trained;
    }

    /** Number of the known tokens, after those trained on, that an epoch that begins now holds out. */
    public long heldOut(long knownTokens) {
        return (long) (usable(knownTokens) * validation);
    }

    /** Number of the known tokens that are used, held-out ones included. */
    public long usable(long knownTokens) {
        return maxTokens == 0 ? knownTokens : Math.min(maxTokens, knownTokens);
    }

    /** Whether this number of tokens is enough for a minibatch and, where tokens are held out, for evaluating. */
    public boolean enough(long knownTokens) {
        return trained(knownTokens) >= fewestTokens() && (validation == 0 || heldOut(knownTokens) >= MIN_HELD_OUT);
    }

    /** The minimum number of tokens that are {@link #enough}. */
    public long fewestUsable() {
        long tokens = fewestTokens();
        while (!withMaxTokens(0).enough(tokens)) {
            tokens++;
        }
        return tokens;
    }
}

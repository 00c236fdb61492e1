package io.inkstream.cli.options;

import io.inkstream.cli.output.Words;

/**
 * How many epochs to train, and why.
 *
 * @param epochs the number
 * @param reason what to tell the user about it; empty when it was requested
 */
public record EpochChoice(int epochs, String reason) {

    /** Epochs of the published results, which are for 10,000 tokens. */
    static final int USUAL = 500;

    /** Each token once. */
    static final EpochChoice ONLINE = new EpochChoice(1, "each token once");

    private static final long FEW_TOKENS = 10_000;
    private static final long TOKENS_IN_ALL = 5_000_000;

    /** About half a minute for an lstm of 256 units on two cores. */
    private static final long TOKENS_OF_A_DEMO = 2_600_000;

    private static final int FEWEST = 10;

    /** The number that the user requested. */
    static EpochChoice requested(int epochs) {
        return new EpochChoice(epochs, "");
    }

    /**
     * The number for a corpus.
     *
     * @param tokens tokens of an epoch; 0 when not known yet
     */
    static EpochChoice forTraining(long tokens) {
        if (tokens <= FEW_TOKENS) {
            return new EpochChoice(
                    USUAL,
                    tokens == 0 ? "the usual number, as no text is there yet" : "the usual number for a short text");
        }
        return within(TOKENS_IN_ALL, tokens);
    }

    /**
     * The number for a demo.
     *
     * @param tokens tokens of an epoch
     */
    static EpochChoice forDemo(long tokens) {
        return within(TOKENS_OF_A_DEMO, Math.max(1, tokens));
    }

    private static EpochChoice within(long total, long tokens) {
        long fitting = Math.min(USUAL, Math.round((double) total / tokens));
        if (fitting < FEWEST) {
            return new EpochChoice(FEWEST, "the fewest that make sense");
        }
        return new EpochChoice(
                (int) fitting,
                "%s tokens in all".formatted(Words.count(Math.round(fitting * tokens / 100_000.0) * 100_000)));
    }

    /** {@code 500 epochs}, and the reason in brackets if there is one. */
    public String inWords() {
        if (reason.equals(ONLINE.reason)) {
            return reason;
        }
        return Words.count(epochs, "epoch")
                + (reason.isEmpty() ? "" : " (%s; --epochs sets another)".formatted(reason));
    }
}

package io.inkstream.cli.options;

import io.inkstream.cli.output.Formatting;

/**
 * How many epochs to train, and why.
 *
 * @param epochs the number
 * @param reason what to print about it; may be empty
 */
public record EpochChoice(int epochs, String reason) {

    /** Epochs of the published results, which are for 10,000 tokens. */
    static final int USUAL = 500;

    /** Each token once. */
    static final EpochChoice ONLINE = new EpochChoice(1, "each token once");

    private static final long FEW_TOKENS = 10_000;
    private static final long TOKENS_IN_ALL = 5_000_000;

    /** A quarter of a minute for a gru of 256 units on two cores. */
    private static final long TOKENS_OF_A_DEMO = 1_400_000;

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
                    USUAL, tokens == 0 ? "the default, as there is no text yet" : "the default for a short text");
        }
        long fitting = Math.min(USUAL, Math.round((double) TOKENS_IN_ALL / tokens));
        if (fitting < FEWEST) {
            return new EpochChoice(FEWEST, "the minimum");
        }
        return new EpochChoice(
                (int) fitting,
                "chosen so that about %s tokens are trained in all"
                        .formatted(Formatting.count(Math.round(fitting * tokens / 100_000.0) * 100_000)));
    }

    /**
     * The number for a demo.
     *
     * @param tokens tokens of an epoch
     */
    static EpochChoice forDemo(long tokens) {
        long fitting = Math.round((double) TOKENS_OF_A_DEMO / Math.max(1, tokens));
        return new EpochChoice((int) Math.max(FEWEST, Math.min(USUAL, fitting)), "");
    }

    /** {@code 500 epochs}, and the reason in brackets if there is one. */
    public String inWords() {
        if (reason.equals(ONLINE.reason)) {
            return reason;
        }
        return Formatting.count(epochs, "epoch")
                + (reason.isEmpty() ? "" : " (%s; --epochs changes it)".formatted(reason));
    }
}

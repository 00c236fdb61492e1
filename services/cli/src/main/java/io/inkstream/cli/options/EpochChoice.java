package io.inkstream.cli.options;

import io.inkstream.cli.output.Words;
import java.util.OptionalInt;

/**
 * How many epochs to train, and why.
 *
 * @param epochs the number
 * @param reason what to tell the user of it; empty when it was asked for
 */
public record EpochChoice(int epochs, String reason) {

    /** Epochs of the published results, which are for 10,000 tokens. */
    static final int USUAL = 500;

    /** Each token once. */
    static final EpochChoice ONLINE = new EpochChoice(1, "each token once");

    private static final long FEW_TOKENS = 10_000;
    private static final long TOKENS_IN_ALL = 5_000_000;
    private static final int FEWEST = 10;

    /**
     * Chooses.
     *
     * @param asked what the user asked for, if anything
     * @param tokens tokens of an epoch; 0 when not known yet
     */
    static EpochChoice of(OptionalInt asked, long tokens) {
        if (asked.isPresent()) {
            return new EpochChoice(asked.getAsInt(), "");
        }
        if (tokens <= FEW_TOKENS) {
            return new EpochChoice(
                    USUAL,
                    tokens == 0 ? "the usual number, as no text is there yet" : "the usual number for a short text");
        }
        long fitting = Math.min(USUAL, Math.round((double) TOKENS_IN_ALL / tokens));
        if (fitting < FEWEST) {
            return new EpochChoice(FEWEST, "the fewest that make sense");
        }
        return new EpochChoice(
                (int) fitting,
                "chosen so that about %s tokens are trained in all"
                        .formatted(Words.count(Math.round(fitting * tokens / 100_000.0) * 100_000)));
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

package io.inkstream.languagemodel.checkpoint;

/**
 * The position of training. Together with the settings it determines the next minibatch, because sampling is a function
 * of seed and epoch.
 *
 * @param step optimizer steps taken
 * @param epoch epochs completed; with online sampling, stretches of the stream
 * @param epochsOnText epochs completed since the corpus last grew
 * @param epochTokens tokens of the corpus that the current or last epoch covers; 0 before the first. With online
 *     sampling, the end of its stretch of the stream: the number of tokens that have been inputs
 * @param heldOut tokens after those that the current or last epoch holds out, to be evaluated at its end
 * @param minibatch minibatches of the current epoch that are done; 0 between epochs
 * @param perplexity of the last completed epoch; NaN before the first
 * @param validationPerplexity on the held-out tokens, at the end of the last completed epoch; NaN when there are none
 * @param tokensTrained tokens trained on, every epoch counted
 */
public record Cursor(
        long step,
        int epoch,
        int epochsOnText,
        long epochTokens,
        long heldOut,
        int minibatch,
        double perplexity,
        double validationPerplexity,
        long tokensTrained) {

    /** Before the first step. */
    public static final Cursor START = new Cursor(0, 0, 0, 0, 0, 0, Double.NaN, Double.NaN, 0);

    /** True in the middle of an epoch. */
    public boolean insideEpoch() {
        return minibatch > 0;
    }

    /** After one more minibatch with this number of tokens. */
    public Cursor afterMinibatch(int tokens) {
        return new Cursor(
                step + 1,
                epoch,
                epochsOnText,
                epochTokens,
                heldOut,
                minibatch + 1,
                perplexity,
                validationPerplexity,
                tokensTrained + tokens);
    }

    /**
     * At the beginning of an epoch.
     *
     * @param tokens tokens that it trains on
     * @param heldOutTokens tokens after them that it holds out
     */
    public Cursor atEpoch(long tokens, long heldOutTokens) {
        boolean grown = tokens + heldOutTokens > epochTokens + heldOut;
        return new Cursor(
                step,
                epoch,
                grown ? 0 : epochsOnText,
                tokens,
                heldOutTokens,
                0,
                perplexity,
                validationPerplexity,
                tokensTrained);
    }

    /**
     * At the end of the current epoch.
     *
     * @param epochPerplexity its perplexity
     * @param heldOutPerplexity the perplexity on the held-out tokens, or NaN
     */
    public Cursor afterEpoch(double epochPerplexity, double heldOutPerplexity) {
        return new Cursor(
                step,
                epoch + 1,
                epochsOnText + 1,
                epochTokens,
                heldOut,
                0,
                epochPerplexity,
                heldOutPerplexity,
                tokensTrained);
    }
}

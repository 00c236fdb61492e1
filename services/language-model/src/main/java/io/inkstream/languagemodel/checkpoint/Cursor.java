package io.inkstream.languagemodel.checkpoint;

/**
 * Where training stands. Together with the settings it says what the next minibatch is, since sampling is a function of
 * seed and epoch.
 *
 * @param step optimizer steps taken
 * @param epoch epochs completed
 * @param epochsOnText epochs completed since the corpus last grew
 * @param epochTokens tokens of the corpus that the current or last epoch covers; 0 before the first
 * @param minibatch minibatches of the current epoch that are done; 0 between epochs
 * @param perplexity of the last completed epoch; NaN before the first
 * @param tokensTrained tokens trained on, every epoch counted
 */
public record Cursor(
        long step,
        int epoch,
        int epochsOnText,
        long epochTokens,
        int minibatch,
        double perplexity,
        long tokensTrained) {

    /** Before the first step. */
    public static final Cursor START = new Cursor(0, 0, 0, 0, 0, Double.NaN, 0);

    /** True in the middle of an epoch. */
    public boolean insideEpoch() {
        return minibatch > 0;
    }

    /** After one more minibatch of so many tokens. */
    public Cursor afterMinibatch(int tokens) {
        return new Cursor(
                step + 1, epoch, epochsOnText, epochTokens, minibatch + 1, perplexity, tokensTrained + tokens);
    }

    /** At the beginning of an epoch over so many tokens. */
    public Cursor atEpoch(long tokens) {
        return new Cursor(step, epoch, tokens > epochTokens ? 0 : epochsOnText, tokens, 0, perplexity, tokensTrained);
    }

    /** At the end of the epoch under way. */
    public Cursor afterEpoch(double epochPerplexity) {
        return new Cursor(step, epoch + 1, epochsOnText + 1, epochTokens, 0, epochPerplexity, tokensTrained);
    }
}

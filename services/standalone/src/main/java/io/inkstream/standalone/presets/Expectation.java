package io.inkstream.standalone.presets;

import java.util.List;

/**
 * What our runs of a preset must keep.
 *
 * @param kind what is judged
 * @param bound upper bound of the median perplexity; not a number when something else is judged
 * @param answer the answer that is wanted; empty when something else is judged
 * @param share of the seeds that give the answer in PyTorch, 0 to 1; not a number when something else is judged
 */
public record Expectation(Kind kind, double bound, String answer, double share) {

    /** Fewer right answers than this probability allows are no chance. */
    private static final double CHANCE = 0.05;

    /** What is judged. */
    public enum Kind {
        /** The median over the seeds of the last epoch's perplexity. */
        PERPLEXITY,
        /** What the completions of all prefixes make together: as often right as in PyTorch. */
        ANSWER,
        /** That it learns at all: less perplexed than by guessing any token of the vocabulary. */
        LEARNING
    }

    public Expectation {
        boolean answered = !answer.isEmpty() && share > 0 && share <= 1;
        if ((kind == Kind.PERPLEXITY) != bound >= 1 || (kind == Kind.ANSWER) != answered) {
            throw new IllegalArgumentException(
                    "A perplexity has a bound of at least 1, an answer has text and a share, and neither both");
        }
    }

    /** A median perplexity of at most this. */
    public static Expectation perplexityAtMost(double bound) {
        return new Expectation(Kind.PERPLEXITY, bound, "", Double.NaN);
    }

    /** This answer, by about this share of the seeds. */
    public static Expectation answer(String answer, double share) {
        return new Expectation(Kind.ANSWER, Double.NaN, answer, share);
    }

    /** That it learns. */
    public static Expectation learning() {
        return new Expectation(Kind.LEARNING, Double.NaN, "", Double.NaN);
    }

    /** True when these runs keep it; there must be at least one. */
    public boolean isKeptBy(List<SeedRun> runs) {
        return switch (kind) {
            case PERPLEXITY -> Spread.ofPerplexities(runs).median() <= bound;
            case ANSWER -> atMost(right(runs), runs.size()) >= CHANCE;
            case LEARNING -> runs.stream().allMatch(Expectation::isBetterThanGuessing);
        };
    }

    /** How many of the runs give the answer. */
    public int right(List<SeedRun> runs) {
        return (int) runs.stream().filter(run -> run.answer().equals(answer)).count();
    }

    /** The probability of so few right answers, if each seed gives one with PyTorch's share (the binomial distribution). */
    private double atMost(int right, int seeds) {
        double sum = 0;
        double term = Math.pow(1 - share, seeds);
        for (int k = 0; k <= right; k++) {
            sum += term;
            term *= share / (1 - share) * (seeds - k) / (k + 1);
        }
        return share == 1 && right == seeds ? 1 : sum;
    }

    private static boolean isBetterThanGuessing(SeedRun run) {
        return run.perplexity() < run.learned().manifest().getVocabularySize();
    }
}

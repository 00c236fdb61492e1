package io.inkstream.standalone.presets;

import java.util.List;

/**
 * What our runs of a preset must keep.
 *
 * @param kind what is judged
 * @param bound upper bound of the median perplexity; not a number when something else is judged
 * @param answer the answer that every seed must give; empty when something else is judged
 */
public record Expectation(Kind kind, double bound, String answer) {

    /** What is judged. */
    public enum Kind {
        /** The median over the seeds of the last epoch's perplexity. */
        PERPLEXITY,
        /** What the completions of all prefixes make together. */
        ANSWER,
        /** That it learns at all: less perplexed than by guessing any token of the vocabulary. */
        LEARNING
    }

    public Expectation {
        if ((kind == Kind.PERPLEXITY) != bound >= 1 || (kind == Kind.ANSWER) == answer.isEmpty()) {
            throw new IllegalArgumentException(
                    "A perplexity has a bound of at least 1, an answer has text, and neither both");
        }
    }

    /** A median perplexity of at most this. */
    public static Expectation perplexityAtMost(double bound) {
        return new Expectation(Kind.PERPLEXITY, bound, "");
    }

    /** This answer, by every seed. */
    public static Expectation answer(String answer) {
        return new Expectation(Kind.ANSWER, Double.NaN, answer);
    }

    /** That it learns. */
    public static Expectation learning() {
        return new Expectation(Kind.LEARNING, Double.NaN, "");
    }

    /** True when these runs keep it; there must be at least one. */
    public boolean isKeptBy(List<SeedRun> runs) {
        return switch (kind) {
            case PERPLEXITY -> Spread.ofPerplexities(runs).median() <= bound;
            case ANSWER -> right(runs) == runs.size();
            case LEARNING -> runs.stream().allMatch(Expectation::isBetterThanGuessing);
        };
    }

    /** How many of the runs give the answer. */
    public int right(List<SeedRun> runs) {
        return (int) runs.stream().filter(run -> run.answer().equals(answer)).count();
    }

    private static boolean isBetterThanGuessing(SeedRun run) {
        return run.perplexity() < run.learned().manifest().getVocabularySize();
    }
}

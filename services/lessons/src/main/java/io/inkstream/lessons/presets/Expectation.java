package io.inkstream.lessons.presets;

import java.util.List;

/**
 * What our runs of a preset must keep.
 *
 * @param kind what is judged
 * @param bound upper bound of the median perplexity, or the fewest seeds that must give the answer; not a number when
 *     something else is judged
 * @param answer the answer; empty when something else is judged
 * @param seeds with how many seeds the preset is run unless otherwise asked
 */
public record Expectation(Kind kind, double bound, String answer, int seeds) {

    private static final int FEW_SEEDS = 3;

    /** What is judged. */
    public enum Kind {
        /** The median over the seeds of the last epoch's perplexity. */
        PERPLEXITY,
        /** How many seeds give the answer: what the completions of all prefixes make together. */
        ANSWER,
        /** That it learns at all: less perplexed than by guessing any token of the vocabulary. */
        LEARNING
    }

    public Expectation {
        if ((kind == Kind.LEARNING) != Double.isNaN(bound) || bound < 1) {
            throw new IllegalArgumentException("A perplexity and a number of seeds have a bound of at least 1");
        }
        if ((kind == Kind.ANSWER) == answer.isEmpty()) {
            throw new IllegalArgumentException("An answer has text, and nothing else has");
        }
        if (seeds < 1 || (kind == Kind.ANSWER && bound > seeds)) {
            throw new IllegalArgumentException(
                    "%s of %d seeds cannot be asked for".formatted(Double.toString(bound), seeds));
        }
    }

    /** A median perplexity of at most this. */
    public static Expectation perplexityAtMost(double bound) {
        return new Expectation(Kind.PERPLEXITY, bound, "", FEW_SEEDS);
    }

    /** This answer, by at least so many of so many seeds. */
    public static Expectation answer(String answer, int atLeast, int seeds) {
        return new Expectation(Kind.ANSWER, atLeast, answer, seeds);
    }

    /** That it learns. */
    public static Expectation learning() {
        return new Expectation(Kind.LEARNING, Double.NaN, "", FEW_SEEDS);
    }

    /** True when these runs are enough to judge by: a share of the seeds is that of as many as are asked for, or more. */
    public boolean canJudge(List<SeedRun> runs) {
        return kind == Kind.ANSWER ? runs.size() >= seeds : !runs.isEmpty();
    }

    /** True when these runs keep it; they must be enough. */
    public boolean isKeptBy(List<SeedRun> runs) {
        return switch (kind) {
            case PERPLEXITY -> Spread.ofPerplexities(runs).median() <= bound;
            case ANSWER -> isKeptBy(right(runs), runs.size());
            case LEARNING -> runs.stream().allMatch(Expectation::isBetterThanGuessing);
        };
    }

    /** True when what PyTorch comes to would keep it, or is not known: what PyTorch misses is not asked of ours. */
    public boolean isKeptBy(PeerFigure pytorch) {
        if (pytorch instanceof PeerFigure.Perplexity perplexity) {
            return kind == Kind.PERPLEXITY && perplexity.median().doubleValue() <= bound;
        }
        if (pytorch instanceof PeerFigure.Answers answers) {
            return kind == Kind.ANSWER && isKeptBy(answers.right(), answers.seeds());
        }
        return true;
    }

    /** How many of the runs give the answer. */
    public int right(List<SeedRun> runs) {
        return (int) runs.stream().filter(run -> run.answer().equals(answer)).count();
    }

    private boolean isKeptBy(int right, int of) {
        return right * (double) seeds >= bound * of;
    }

    private static boolean isBetterThanGuessing(SeedRun run) {
        return run.perplexity() < run.learned().manifest().getVocabularySize();
    }
}

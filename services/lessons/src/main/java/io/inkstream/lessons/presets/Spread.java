package io.inkstream.lessons.presets;

import java.util.Collection;
import java.util.List;

/**
 * How figures are spread over the seeds.
 *
 * @param median the one in the middle, or the mean of the two in the middle; not a number when a middle one is not
 * @param least the least
 * @param most the greatest; not a number when one of them is not
 */
public record Spread(double median, double least, double most) {

    /** The spread of at least one figure. */
    public static Spread of(Collection<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("A spread needs at least one figure");
        }
        List<Double> sorted = figures.stream().sorted().toList(); // NaN comes last
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** The last perplexities of some runs. */
    public static Spread ofPerplexities(List<SeedRun> runs) {
        return of(runs.stream().map(SeedRun::perplexity).toList());
    }

    /** The speeds of some runs, in tokens per second. */
    public static Spread ofSpeeds(List<SeedRun> runs) {
        return of(runs.stream().map(run -> run.learned().tokensPerSecond()).toList());
    }
}

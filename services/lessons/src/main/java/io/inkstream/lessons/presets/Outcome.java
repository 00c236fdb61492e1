package io.inkstream.lessons.presets;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What came of a preset.
 *
 * @param preset the preset
 * @param faithful false when it was tried out with other epochs than its own
 * @param runs one for each seed that got to its end
 * @param failure why it could not continue, if it could not
 */
public record Outcome(Preset preset, boolean faithful, List<SeedRun> runs, Optional<String> failure) {

    public Outcome {
        runs = List.copyOf(runs);
        if (runs.isEmpty() && failure.isEmpty()) {
            throw new IllegalArgumentException("Of a preset there are runs, or a failure");
        }
    }

    /** How it stands to what is asked. */
    public Verdict verdict() {
        if (failure.isPresent()) {
            return Verdict.FAILED;
        }
        if (!faithful || !preset.expectation().canJudge(runs)) {
            return Verdict.NOT_JUDGED;
        }
        return preset.expectation().isKeptBy(runs) ? Verdict.KEPT : Verdict.MISSED;
    }

    /** The run in the middle, by perplexity; the better one of two. Empty when none got to its end. */
    public Optional<SeedRun> typical() {
        return runs.stream()
                .sorted(Comparator.comparingDouble(SeedRun::perplexity))
                .skip(Math.max(0, runs.size() - 1) / 2)
                .findFirst();
    }
}

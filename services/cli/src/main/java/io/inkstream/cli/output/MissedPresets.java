package io.inkstream.cli.output;

import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which presets do not meet their requirement. */
public final class MissedPresets {

    private MissedPresets() {}

    /** A sentence that names them; empty if there are none. */
    public static Optional<String> sentence(List<Outcome> outcomes) {
        List<Outcome> misses = outcomes.stream()
                .filter(outcome -> outcome.verdict() == Verdict.MISSED || outcome.verdict() == Verdict.FAILED)
                .toList();
        return misses.isEmpty()
                ? Optional.empty()
                : Optional.of("%s: %s."
                        .formatted(
                                misses.size() == 1
                                        ? "One preset does not meet its requirement"
                                        : "%d presets do not meet their requirements".formatted(misses.size()),
                                misses.stream().map(MissedPresets::miss).collect(Collectors.joining("; "))));
    }

    private static String miss(Outcome outcome) {
        return outcome.verdict() == Verdict.FAILED
                ? "%s did not complete".formatted(outcome.preset().name())
                : "%s has %s, asked: %s (PyTorch: %s)"
                        .formatted(
                                outcome.preset().name(),
                                OutcomeTable.ours(outcome),
                                PresetList.asked(outcome.preset().expectation()),
                                outcome.preset().pytorch().words());
    }
}

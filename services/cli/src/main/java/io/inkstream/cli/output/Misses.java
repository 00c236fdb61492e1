package io.inkstream.cli.output;

import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which presets do not keep what is asked of them. */
public final class Misses {

    private Misses() {}

    /** A sentence that names them; empty when there are none. */
    public static Optional<String> sentence(List<Outcome> outcomes) {
        List<Outcome> misses = outcomes.stream()
                .filter(outcome -> outcome.verdict() == Verdict.MISSED || outcome.verdict() == Verdict.FAILED)
                .toList();
        return misses.isEmpty()
                ? Optional.empty()
                : Optional.of("%s: %s."
                        .formatted(
                                misses.size() == 1
                                        ? "One preset misses what is asked of it"
                                        : "%d presets miss what is asked of them".formatted(misses.size()),
                                misses.stream().map(Misses::miss).collect(Collectors.joining("; "))));
    }

    private static String miss(Outcome outcome) {
        return outcome.verdict() == Verdict.FAILED
                ? "%s could not be run to its end".formatted(outcome.preset().name())
                : "%s has %s, asked: %s (PyTorch: %s)"
                        .formatted(
                                outcome.preset().name(),
                                OutcomeTable.ours(outcome),
                                PresetList.asked(outcome.preset().expectation()),
                                outcome.preset().pytorch().words());
    }
}

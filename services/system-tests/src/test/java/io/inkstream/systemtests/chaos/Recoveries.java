package io.inkstream.systemtests.chaos;

import io.inkstream.systemtests.invariants.Findings;
import io.inkstream.systemtests.invariants.TrainingWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** How long what a killed trainer trained was not trained. */
final class Recoveries {

    /** An event this long before a kill may still have an effect. */
    private static final long AFTERMATH = 18_000;

    private Recoveries() {}

    static void measure(List<ChaosDirector.Done> done, TrainingWatch watch, Findings findings) {
        List<Long> all = new ArrayList<>();
        List<Long> alone = new ArrayList<>();
        for (ChaosDirector.Done kill : done) {
            if (kill.event().kind() != ChaosKind.KILL || !kill.event().target().startsWith("trainer")) {
                continue;
            }
            OptionalLong gap = watch.trainedBefore(kill.at()).stream()
                    .map(corpus -> watch.trainedAfter(corpus, kill.at()))
                    .filter(OptionalLong::isPresent)
                    .mapToLong(again -> again.getAsLong() - kill.at())
                    .max();
            if (gap.isPresent()) {
                all.add(gap.getAsLong());
                if (isAlone(kill, done, gap.getAsLong())) {
                    alone.add(gap.getAsLong());
                }
            }
        }
        findings.note("trainer kills whose recovery was measured", all.size());
        findings.note("longest from a trainer's kill to training again, with further kills meanwhile", longest(all));
        findings.note("the same without other faults, of %d kills".formatted(alone.size()), longest(alone));
    }

    private static boolean isAlone(ChaosDirector.Done kill, List<ChaosDirector.Done> done, long gap) {
        return done.stream()
                .filter(other -> !other.equals(kill))
                .noneMatch(other -> other.at() < kill.at() + gap
                        && other.at() + other.event().millis() + AFTERMATH > kill.at());
    }

    private static String longest(List<Long> gaps) {
        return gaps.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.1f s",
                        gaps.stream().mapToLong(gap -> gap).max().getAsLong() / 1000.0);
    }
}

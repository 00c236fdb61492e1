package io.inkstream.systemtests.invariants;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the invariants have found: figures, and a sentence for everything that is not as it must be. */
public final class Findings {

    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    /** Adds to a figure. */
    public void count(String figure, long count) {
        figures.merge(figure, count, (before, more) -> (long) before + (long) more);
    }

    /** Sets a figure that is not a count. */
    public void note(String figure, Object value) {
        figures.put(figure, value);
    }

    /** Counts something that must not be, and says what it is. */
    public void fault(String figure, long count, String sentence, Object... values) {
        count(figure, count);
        faults.add(figure + ": " + sentence.formatted(values));
    }

    /** A figure; 0 if nothing was counted. */
    public long figure(String figure) {
        return (long) figures.getOrDefault(figure, 0L);
    }

    /** Everything that is not as it must be. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** The figures, one a line. */
    public String table() {
        int width = figures.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder table = new StringBuilder();
        figures.forEach((figure, value) -> table.append(("  %-" + width + "s  %s%n").formatted(figure, value)));
        return table.toString();
    }
}

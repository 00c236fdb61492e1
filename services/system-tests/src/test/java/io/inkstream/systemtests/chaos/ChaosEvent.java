package io.inkstream.systemtests.chaos;

import java.util.Locale;

/**
 * Something that is done to a process.
 *
 * @param at when, in milliseconds from the start
 * @param kind what
 * @param target the name of the process in the fleet
 * @param millis for how long it is away
 */
public record ChaosEvent(long at, ChaosKind kind, String target, long millis) {

    /** When it is over, in milliseconds from the start. */
    public long end() {
        return at + millis;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "t=%.1f s: %s %s%s",
                at / 1000.0,
                kind,
                target,
                kind == ChaosKind.RESTART ? "" : String.format(Locale.ROOT, " for %.1f s", millis / 1000.0));
    }
}

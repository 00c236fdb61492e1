package io.inkstream.platform.lifecycle;

import java.util.Optional;

/**
 * The state of a service.
 *
 * @param live false: it has failed for good and must be restarted
 * @param ready true: it does its work; false: it is starting, waiting or stopping
 * @param detail what it is doing, in a few words
 */
public record Health(boolean live, boolean ready, String detail) {

    /** At work. */
    public static Health up(String detail) {
        return new Health(true, true, detail);
    }

    /** Live, and not yet or no longer at work. */
    public static Health waiting(String detail) {
        return new Health(true, false, detail);
    }

    /** The same, but waiting while something outside is unavailable; what has failed stays failed. */
    public Health during(Optional<String> outage) {
        return live && outage.isPresent() ? waiting(outage.get()) : this;
    }

    /** Failed; a detail that ends with a full stop is a complete message. */
    public static Health down(String detail) {
        return new Health(false, false, detail);
    }
}

package io.inkstream.platform.registry;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether records of a service wait for the schema registry, as its serdes tell it. A registry that nobody asks may be
 * away unnoticed, for what it said once holds for ever. Safe for use by several threads.
 */
public final class RegistryContact {

    /** After an attempt that failed, how long it counts as lost if nobody asks again: longer than attempts are apart. */
    static final Duration FORGOTTEN = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private boolean lost;
    private String address;
    private long lostAt;
    private long lastFailure;

    /** A contact that nothing is known of yet. */
    public RegistryContact() {
        this(System::nanoTime);
    }

    RegistryContact(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What is wrong at this moment, as a sentence without its full stop; empty while no record waits. */
    public synchronized Optional<String> problem() {
        long now = nanos.getAsLong();
        return lost && now - lastFailure < FORGOTTEN.toNanos()
                ? Optional.of("The registry does not answer at %s since %d s; trying again"
                        .formatted(address, Duration.ofNanos(now - lostAt).toSeconds()))
                : Optional.empty();
    }

    /** An attempt has failed, and will be repeated. */
    synchronized void unanswered(String at) {
        lastFailure = nanos.getAsLong();
        if (!lost) {
            lost = true;
            lostAt = lastFailure;
        }
        address = at;
    }

    /** An attempt was answered, be it with a refusal. */
    synchronized void answered() {
        lost = false;
    }
}

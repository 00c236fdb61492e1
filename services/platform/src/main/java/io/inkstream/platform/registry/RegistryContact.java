package io.inkstream.platform.registry;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether records of a service wait for the schema registry, as its serdes report it. A registry may be unavailable
 * unnoticed while no serde asks it, as schemas never change. Safe for use by several threads.
 */
public final class RegistryContact {

    /** How long the registry counts as unavailable after an attempt that failed: longer than the interval of attempts. */
    static final Duration FORGET_AFTER = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private boolean lost;
    private String address = "";
    private long lostAt;
    private long lastFailure;

    /** A contact of which nothing is known yet. */
    public RegistryContact() {
        this(System::nanoTime);
    }

    RegistryContact(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What is wrong at this moment, as a sentence without its full stop; empty while no record waits. */
    public synchronized Optional<String> problem() {
        long now = nanos.getAsLong();
        return lost && now - lastFailure < FORGET_AFTER.toNanos()
                ? Optional.of("The registry at %s has been unavailable for %d s; retrying"
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

    /** An attempt was answered, possibly with an error. */
    synchronized void answered() {
        lost = false;
    }
}

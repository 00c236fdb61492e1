package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.TransactionTimeout;
import java.time.Duration;

/**
 * What failed commits of a partition lead to: longer pauses, as all of a checkpoint is written again each time, and longer
 * transactions, as far as the broker allows them. Used by one thread.
 */
final class CommitRetries {

    private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    /** About a minute between two attempts. */
    private static final int MAX_DOUBLINGS = 6;

    /** Commits that may take too long, once the broker allows no more time, before their checkpoint is given up. */
    private static final int MAX_TIMEOUTS = 3;

    /** How long a transaction should be allowed to take. */
    private TransactionTimeout timeout;

    /** Commits that failed since the last that did not. */
    private int failures;

    /**
     * No failures yet.
     *
     * @param timeout how long transactions may take at first
     */
    CommitRetries(TransactionTimeout timeout) {
        this.timeout = timeout;
    }

    /** How long a transaction should be allowed to take. */
    TransactionTimeout timeout() {
        return timeout;
    }

    /**
     * Sees to it that a checkpoint of so many bytes has time to be written.
     *
     * @return true when transactions have to be allowed more time for that
     */
    boolean extendFor(long bytes) {
        TransactionTimeout wanted = timeout.forBytes(bytes);
        boolean longer = timeout.isShorterThan(wanted);
        timeout = longer ? wanted : timeout;
        return longer;
    }

    /** A checkpoint was committed. */
    void succeeded() {
        failures = 0;
    }

    /** A checkpoint could not be committed. */
    void failed() {
        failures++;
    }

    /**
     * A checkpoint took longer to write than its transaction was allowed. The next may take twice as long.
     *
     * @param allowed by the broker
     * @return true when the broker allows no more time, and the checkpoint was tried often enough
     */
    boolean timedOut(TransactionTimeout allowed) {
        failures++;
        if (!allowed.isShorterThan(timeout)) {
            timeout = timeout.longer();
            return false;
        }
        boolean hopeless = failures >= MAX_TIMEOUTS;
        failures = hopeless ? 0 : failures;
        return hopeless;
    }

    /** How long to wait before the next attempt, in nanoseconds: twice as long after each failure. */
    long pauseNanos() {
        return FIRST_PAUSE_NANOS << Math.min(Math.max(0, failures - 1), MAX_DOUBLINGS);
    }
}

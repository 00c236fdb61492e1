package io.inkstream.trainer.training;

import io.inkstream.platform.lifecycle.Threads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training thread and its mailbox. It alternates between a pass of its {@link Shard} and the commands of other threads;
 * what a pass trains it does not know, and the shard knows neither thread nor mailbox.
 *
 * <pre>
 *   start ──▶ shard.pass ──▶ commands ──▶ … ──▶ shard.close ──▶ pending commands completed
 *                 ▲              │
 *                 └──────────────┘  waits for a command or a signal if the pass found nothing to do
 * </pre>
 */
final class TrainingRuntime implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TrainingRuntime.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    /** How long an idle thread waits before it looks again for what time alone makes due. */
    private static final long IDLE_MILLIS = 100;

    private final Shard shard;
    private final Mailbox mailbox = new Mailbox();
    private final Thread thread = new Thread(this::run, "training");
    private volatile boolean closing;
    private volatile @Nullable Throwable failure;

    /** What the thread works on. All methods are called by the thread, one at a time. */
    interface Shard {

        /**
         * Does some of the work.
         *
         * @param interrupted true when the pass should end soon: a command is pending, or the runtime is being closed
         * @return whether there may be more to do at once
         */
        boolean pass(BooleanSupplier interrupted);

        /** Called once, after the last pass. */
        void close();
    }

    /** A runtime that is not started yet. */
    TrainingRuntime(Shard shard) {
        this.shard = shard;
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    /** What ended the thread, if it failed. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Submits a command, which is executed between two passes.
     *
     * @return completed once it was executed or the thread has ended; completed exceptionally if it failed, which ends the
     *     thread
     */
    CompletableFuture<Void> submit(Runnable command) {
        return mailbox.submit(command);
    }

    /** Wakes the thread up if it is idle: there may be something new to do. */
    void wakeUp() {
        mailbox.signal();
    }

    /** Ends the thread and waits for it. */
    @Override
    public void close() {
        closing = true;
        mailbox.signal();
        Threads.join(thread, CLOSE_TIMEOUT);
    }

    private void run() {
        try {
            while (!closing) {
                boolean worked = shard.pass(this::interrupted);
                mailbox.execute(worked ? 0 : IDLE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failure = e;
            log.atError().setCause(e).log("Training thread failed");
        } finally {
            try {
                shard.close();
            } finally {
                mailbox.close(); // nothing is owned any more: whoever waits for a release need not wait
            }
        }
    }

    private boolean interrupted() {
        return closing || !mailbox.isEmpty();
    }
}

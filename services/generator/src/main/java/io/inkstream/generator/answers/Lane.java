package io.inkstream.generator.answers;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread for answers that wait for the same thing, so that others need not wait with them. */
final class Lane implements Executor, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);

    private final Consumer<Exception> broken;
    private final ScheduledExecutorService thread;

    /**
     * A lane.
     *
     * @param name of its thread
     * @param broken receives what a task throws, which none should
     */
    Lane(String name, Consumer<Exception> broken) {
        this.broken = broken;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, name));
    }

    /** Runs a task after those that came before it; does nothing when the lane is closed. */
    @Override
    public void execute(Runnable task) {
        schedule(task, Duration.ZERO);
    }

    /** The same, but a second later. */
    void retry(Runnable task) {
        schedule(task, BEFORE_RETRY);
    }

    /** True when what fails now fails because it is interrupted. */
    boolean isClosed() {
        return thread.isShutdown();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void schedule(Runnable task, Duration delay) {
        try {
            // The task deals with its own failures.
            Future<?> unused = thread.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("Closed; the request is answered by whoever reads it next");
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            if (!isClosed()) {
                broken.accept(e);
            }
        }
    }
}

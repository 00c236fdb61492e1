package io.inkstream.generator.answers;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread for steps of delivery that may wait for the same resource, so that others do not wait for it. */
final class DeliveryThread implements Executor, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeliveryThread.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final Consumer<Exception> broken;
    private final ScheduledExecutorService executor;
    private volatile @Nullable Thread thread;

    /**
     * A thread.
     *
     * @param name of the thread
     * @param broken receives what a task throws, which is a bug
     */
    DeliveryThread(String name, Consumer<Exception> broken) {
        this.broken = broken;
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread started = new Thread(task, name);
            thread = started;
            return started;
        });
    }

    /** Runs a task: at once for a caller on this thread, else after the earlier ones. Does nothing when it is closed. */
    @Override
    public void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            guarded(task);
        } else {
            schedule(task, Duration.ZERO);
        }
    }

    /** Runs a task after a second. */
    void retry(Runnable task) {
        schedule(task, RETRY_PAUSE);
    }

    /** True when it is closed: a failure may be due to its interruption. */
    boolean isClosed() {
        return executor.isShutdown();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private void schedule(Runnable task, Duration delay) {
        try {
            // The task handles its own failures.
            Future<?> unused = executor.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("Closed: the request will be answered by its next owner");
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

package io.inkstream.platform.lifecycle;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs services until the process is told to end (SIGTERM, Ctrl-C) or one of them breaks: starts them in order, and
 * closes them in reverse order.
 */
public final class ServiceRunner implements AutoCloseable {

    /** How long the services may take to close, all together, unless told otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(ServiceRunner.class);

    /** How often the services' health is looked at. */
    private static final long WATCH_MILLIS = 250;

    /** What a service gets even when those before it took all the time. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** How long a service that is just starting may go on undisturbed when the end is asked for. */
    private static final Duration START_GRACE = Duration.ofSeconds(5);

    private final List<Service> services;
    private final Duration patience;
    private final Thread shutdownHook = new Thread(this::close, "shutdown");

    private final CountDownLatch endAsked = new CountDownLatch(1);
    /** Held while services are started, and while they are closed. */
    private final ReentrantLock turn = new ReentrantLock();

    private final Deque<Service> begun = new ArrayDeque<>();
    private volatile Thread starter;

    /** Services in the order in which they are started, closed within {@link #PATIENCE}. */
    public ServiceRunner(List<? extends Service> services) {
        this(services, PATIENCE);
    }

    /**
     * Services in the order in which they are started.
     *
     * @param patience how long they may take to close, all together; each gets a second in any case
     */
    public ServiceRunner(List<? extends Service> services, Duration patience) {
        this.services = List.copyOf(services);
        this.patience = patience;
    }

    /**
     * Starts the services in order. When one cannot start, those before it are closed. Stops short when the process is
     * told to end meanwhile.
     *
     * @throws InkstreamException if one cannot start
     */
    public void start() {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        turn.lock();
        starter = Thread.currentThread();
        try {
            for (Service service : services) {
                if (isEndAsked()) {
                    return;
                }
                begun.push(service);
                service.start();
                log.atDebug().addKeyValue("service", service.name()).log("Service started");
            }
        } catch (RuntimeException e) {
            endAsked.countDown();
            closeBegun();
            removeShutdownHook();
            throw e;
        } finally {
            starter = null;
            turn.unlock();
        }
    }

    /**
     * Waits until the end is asked for, or a service breaks for good.
     *
     * @return why the process must end as failed; empty if it was told to end
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public Optional<InkstreamException> awaitEnd() throws InterruptedException {
        while (!endAsked.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
            for (Service service : services) {
                Health health = service.health();
                // Asked once more, as a service that is being closed may say anything.
                if (!health.live() && !isEndAsked()) {
                    return Optional.of(new InkstreamException(
                            health.detail().endsWith(".")
                                    ? health.detail()
                                    : "The %s broke down (%s): see the log, and start it again."
                                            .formatted(service.name(), health.detail())));
                }
            }
        }
        return Optional.empty();
    }

    /** Closes the services, last started first, within the time they have; once that is done, does nothing. */
    @Override
    public void close() {
        endAsked.countDown();
        try {
            if (!turn.tryLock(START_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                Thread starting = starter;
                if (starting != null) {
                    starting.interrupt();
                }
                if (!turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    log.atWarn().log("A service neither starts nor stops");
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.atWarn().log("Interrupted before the services were closed");
            return;
        }
        try {
            closeBegun();
        } finally {
            turn.unlock();
        }
        removeShutdownHook();
    }

    private void closeBegun() {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!begun.isEmpty()) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            closeWithin(begun.pop(), left.compareTo(LEAST) < 0 ? LEAST : left);
        }
    }

    private static void closeWithin(Service service, Duration time) {
        Thread closing = new Thread(() -> closeLogged(service), "close-" + service.name());
        closing.setDaemon(true);
        closing.start();
        boolean interrupted = false;
        try {
            closing.join(time.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (closing.isAlive()) {
            log.atWarn()
                    .addKeyValue("service", service.name())
                    .addKeyValue("interrupted", interrupted)
                    .log("Service did not stop in time: what it had not committed is done again after the next start");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeLogged(Service service) {
        try {
            service.close();
            log.atDebug().addKeyValue("service", service.name()).log("Service stopped");
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("service", service.name()).setCause(e).log("Service did not stop cleanly");
        }
    }

    private boolean isEndAsked() {
        return endAsked.getCount() == 0;
    }

    private void removeShutdownHook() {
        if (Thread.currentThread() != shutdownHook) {
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (IllegalStateException alreadyEnding) {
                log.atDebug().log("The process is ending already");
            }
        }
    }
}

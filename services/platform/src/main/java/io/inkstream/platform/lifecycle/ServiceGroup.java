package io.inkstream.platform.lifecycle;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services that are started in order and closed in reverse order, within a bounded time. Safe for use by several threads:
 * the group may be closed while it starts.
 */
public final class ServiceGroup implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ServiceGroup.class);

    /** What a service gets to close even when those before it took all the time. */
    private static final Duration MIN_CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** How long a service that is just starting is left undisturbed when the group is closed. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(5);

    private final List<Service> services;
    private final Duration closeTimeout;

    /** Held while services are started, and while they are closed. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Deque<Service> started = new ArrayDeque<>();
    private volatile @Nullable Thread starter;
    private volatile boolean closing;

    /**
     * Services in the order in which they are started.
     *
     * @param closeTimeout how long they may take to close, all together; each gets a second in any case
     */
    public ServiceGroup(List<? extends Service> services, Duration closeTimeout) {
        this.services = List.copyOf(services);
        this.closeTimeout = closeTimeout;
    }

    /**
     * Starts the services in order. When one cannot start, those before it are closed. Stops short when the group is closed
     * meanwhile.
     *
     * @throws InkstreamException if one cannot start
     */
    public void start() {
        lock.lock();
        starter = Thread.currentThread();
        try {
            for (Service service : services) {
                if (closing) {
                    return;
                }
                started.push(service);
                service.start();
                log.atDebug().addKeyValue("service", service.name()).log("Service started");
            }
        } catch (RuntimeException e) {
            closing = true;
            closeStarted();
            throw e;
        } finally {
            starter = null;
            lock.unlock();
        }
    }

    /** The services, in the order in which they are started. */
    public List<Service> services() {
        return services;
    }

    /** True while all services do their work. */
    public boolean ready() {
        return services.stream().allMatch(service -> service.health().ready());
    }

    /** What to say of the first service that is broken for good; empty while there is none, and once the group is closed. */
    public Optional<InkstreamException> failure() {
        for (Service service : services) {
            Health health = service.health();
            // Asked after the health, as a service that is being closed may report anything.
            if (!health.live() && !closing) {
                return Optional.of(new InkstreamException(
                        health.detail().endsWith(".")
                                ? health.detail()
                                : "The %s broke down (%s): see the log, and start it again."
                                        .formatted(service.name(), health.detail())));
            }
        }
        return Optional.empty();
    }

    /** Closes the services, last started first, within the time they have; once that is done, does nothing. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!lock.tryLock(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                Thread starting = starter;
                if (starting != null) {
                    starting.interrupt();
                }
                if (!lock.tryLock(closeTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
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
            closeStarted();
        } finally {
            lock.unlock();
        }
    }

    private void closeStarted() {
        long deadline = System.nanoTime() + closeTimeout.toNanos();
        while (!started.isEmpty()) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            close(started.pop(), left.compareTo(MIN_CLOSE_TIMEOUT) < 0 ? MIN_CLOSE_TIMEOUT : left);
        }
    }

    private static void close(Service service, Duration timeout) {
        Thread thread = new Thread(() -> closeLogged(service), "close-" + service.name());
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            thread.join(timeout.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (thread.isAlive()) {
            log.atWarn()
                    .addKeyValue("service", service.name())
                    .addKeyValue("interrupted", interrupted)
                    .log("Service did not stop in time: what it had not committed is repeated after the next start");
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
            log.atWarn()
                    .addKeyValue("service", service.name())
                    .addKeyValue("error", e.toString())
                    .setCause(e)
                    .log("Service did not stop cleanly");
        }
    }
}

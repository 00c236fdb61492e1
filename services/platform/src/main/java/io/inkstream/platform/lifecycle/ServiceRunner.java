package io.inkstream.platform.lifecycle;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link ServiceGroup} as a process does: until it is asked to end (SIGTERM, Ctrl-C), or a service fails. */
public final class ServiceRunner implements AutoCloseable {

    /** How long the services may take to close, all together, unless a caller says otherwise. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(ServiceRunner.class);

    private static final Duration BETWEEN_HEALTH_CHECKS = Duration.ofMillis(250);

    private final ServiceGroup services;
    private final Thread shutdownHook = new Thread(this::close, "shutdown");
    private final CountDownLatch ending = new CountDownLatch(1);

    /** Services in the order in which they are started, closed within {@link #CLOSE_TIMEOUT}. */
    public ServiceRunner(List<? extends Service> services) {
        this(services, CLOSE_TIMEOUT);
    }

    /**
     * Services in the order in which they are started.
     *
     * @param closeTimeout how long they may take to close, all together; each gets a second in any case
     */
    public ServiceRunner(List<? extends Service> services, Duration closeTimeout) {
        this.services = new ServiceGroup(services, closeTimeout);
    }

    /**
     * Starts the services in order. When one cannot start, those before it are closed. Stops short when the process is
     * asked to end meanwhile.
     *
     * @throws InkstreamException if one cannot start
     */
    public void start() {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        try {
            services.start();
        } catch (RuntimeException e) {
            ending.countDown();
            removeShutdownHook();
            throw e;
        }
    }

    /**
     * Waits until the process is asked to end, or a service fails for good.
     *
     * @return why the process must end as failed; empty if it was asked to end
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public Optional<InkstreamException> awaitEnd() throws InterruptedException {
        while (!ending.await(BETWEEN_HEALTH_CHECKS.toMillis(), TimeUnit.MILLISECONDS)) {
            Optional<InkstreamException> failure = services.failure();
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    /** Closes the services, last started first, within the time they have; once that is done, does nothing. */
    @Override
    public void close() {
        ending.countDown();
        services.close();
        removeShutdownHook();
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

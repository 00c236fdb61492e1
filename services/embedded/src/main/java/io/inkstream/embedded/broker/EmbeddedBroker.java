package io.inkstream.embedded.broker;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and controller in this process, on the loopback address, for one folder. It keeps its topics over a restart,
 * also after a {@code kill -9}.
 */
public final class EmbeddedBroker implements Service {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final BrokerSettings settings;
    private volatile @Nullable RunningNode node;
    private volatile boolean closed;

    public EmbeddedBroker(BrokerSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "broker";
    }

    /**
     * Starts it, and returns once it answers.
     *
     * @throws InkstreamException if the port is in use, the folder is in use or not usable, or Kafka cannot start on it
     */
    @Override
    public synchronized void start() {
        if (node != null || closed) {
            throw new IllegalStateException("A broker starts once");
        }
        long began = System.nanoTime();
        RunningNode started = RunningNode.start(settings);
        node = started;
        log.atInfo()
                .addKeyValue("address", started.address())
                .addKeyValue("folder", settings.dataFolder())
                .addKeyValue(
                        "millis", Duration.ofNanos(System.nanoTime() - began).toMillis())
                .log("Kafka broker started");
    }

    /**
     * Where clients reach it: {@code host:port}.
     *
     * @throws IllegalStateException before the start
     */
    public String bootstrapServers() {
        RunningNode running = node;
        if (running == null) {
            throw new IllegalStateException("The broker was not started");
        }
        return running.address();
    }

    @Override
    public Health health() {
        RunningNode running = node;
        if (closed) {
            return Health.waiting("stopped");
        }
        if (running == null) {
            return Health.waiting("not started");
        }
        return running.fault()
                .map(fault -> Health.down("broke down: " + fault.getMessage()))
                .orElseGet(() -> Health.up("listening on " + running.address()));
    }

    /** Stops it cleanly, and releases the folder and the port. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        RunningNode running = node;
        if (running != null) {
            running.close();
        }
    }
}

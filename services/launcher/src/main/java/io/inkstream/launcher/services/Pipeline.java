package io.inkstream.launcher.services;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ingest, trainer and generator in this process. */
public final class Pipeline implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    private final List<Service> services;
    private final Deque<Service> started = new ArrayDeque<>();
    private final Runnable provision;

    /** Services that are not started yet. */
    public Pipeline(Connection connection, TopicNames topics, ServiceSettings settings, MeterRegistry meters) {
        this.provision =
                () -> TopicProvisioner.ensure(connection, topics, settings.partitions(), EnumSet.allOf(Topic.class));
        this.services = Services.NAMES.stream()
                .map(name -> Services.create(name, connection, topics, settings, meters))
                .toList();
    }

    /**
     * Starts all of them, and returns once their threads run.
     *
     * @throws InkstreamException if one cannot start
     */
    public void start() {
        provision.run();
        for (Service service : services) {
            started.push(service);
            service.start();
        }
    }

    /** The services. */
    public List<Service> services() {
        return services;
    }

    /** True when all of them do their work. */
    public boolean ready() {
        return services.stream().allMatch(service -> service.health().ready());
    }

    /**
     * Does nothing while all is well.
     *
     * @throws InkstreamException if a service is broken
     */
    public void requireLive() {
        for (Service service : services) {
            Health health = service.health();
            if (!health.live()) {
                throw new InkstreamException(
                        "The %s service has broken down: %s".formatted(service.name(), health.detail()));
            }
        }
    }

    /** Stops them, the last one first, each with its work committed. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            Service service = started.pop();
            try {
                service.close();
            } catch (RuntimeException e) {
                log.atWarn().addKeyValue("service", service.name()).setCause(e).log("Service did not stop cleanly");
            }
        }
    }
}

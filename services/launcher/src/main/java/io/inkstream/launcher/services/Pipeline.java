package io.inkstream.launcher.services;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.lifecycle.ServiceGroup;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/** Ingest, trainer and generator in this process. */
public final class Pipeline implements AutoCloseable {

    /** Nothing ends this process while the services close, so they may finish on a slow machine too. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofMinutes(2);

    private final ServiceGroup services;
    private final Runnable provision;

    /** Services that are not started yet. */
    public Pipeline(Connection connection, TopicNames topics, ServiceSettings settings, MeterRegistry meters) {
        this.provision =
                () -> TopicProvisioner.ensure(connection, topics, settings.partitions(), EnumSet.allOf(Topic.class));
        this.services = new ServiceGroup(
                Services.NAMES.stream()
                        .map(name -> Services.create(name, connection, topics, settings, meters))
                        .toList(),
                CLOSE_TIMEOUT);
    }

    /**
     * Starts all of them, and returns once their threads run.
     *
     * @throws InkstreamException if one cannot start
     */
    public void start() {
        provision.run();
        services.start();
    }

    /** The services. */
    public List<Service> services() {
        return services.services();
    }

    /** True when all of them do their work. */
    public boolean ready() {
        return services.ready();
    }

    /**
     * Returns if no service has failed.
     *
     * @throws InkstreamException if one has
     */
    public void requireLive() {
        services.failure().ifPresent(failure -> {
            throw failure;
        });
    }

    /** Stops them, the last one first, each with its work committed. */
    @Override
    public void close() {
        services.close();
    }
}

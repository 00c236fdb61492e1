package io.inkstream.cli.stack;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.launcher.services.Pipeline;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Broker, registry and the three services, all in this process. */
public final class EmbeddedStack implements AutoCloseable {

    /** Nobody else is in these groups: after a hard stop the services need not wait for their former selves. */
    private static final String INSTANCE = "embedded";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;

    private final EmbeddedCluster cluster;
    private final TopicNames topics;
    private final ServiceSettings settings;
    private final MeterRegistry meters;

    private Pipeline pipeline;

    /** A stack that is not started yet. */
    public EmbeddedStack(EmbeddedCluster cluster, TopicNames topics, ServiceSettings settings, MeterRegistry meters) {
        this.cluster = cluster;
        this.topics = topics;
        this.settings = settings;
        this.meters = meters;
    }

    /**
     * A stack for a while, which disturbs no other: it takes free ports, and nobody reads its metrics.
     *
     * @param data where the topics are kept
     * @param kafkaProperties further properties of every Kafka client
     */
    public static EmbeddedStack onFreePorts(
            Path data, Map<String, String> kafkaProperties, TopicNames topics, ServiceSettings settings) {
        return new EmbeddedStack(
                new EmbeddedCluster(data, 0, 0, kafkaProperties), topics, settings, new SimpleMeterRegistry());
    }

    /**
     * Starts everything, and returns once all services are ready. An interruption ends it between two steps, never within
     * one: a broker that is half started is hard to stop.
     *
     * @throws InkstreamException if something cannot start; {@link #close()} then stops the rest
     * @throws InterruptedException if the thread is interrupted
     */
    public void start() throws InterruptedException {
        Uninterrupted.run("inkstream-start", cluster::start);
        Uninterrupted.run("inkstream-start", () -> {
            pipeline = new Pipeline(cluster.connection().withInstance(INSTANCE), topics, settings, meters);
            pipeline.start();
        });
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!pipeline.ready()) {
            requireLive();
            if (System.nanoTime() > deadline) {
                throw new InkstreamException(
                        "The services were not ready within %d s: %s".formatted(PATIENCE.toSeconds(), notReady()));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** How to reach broker and registry; after the start. */
    public Connection connection() {
        return cluster.connection();
    }

    /** The services; after the start. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /**
     * Does nothing while all is well.
     *
     * @throws InkstreamException if the broker or a service is broken
     */
    public void requireLive() {
        if (!cluster.health().live()) {
            throw new InkstreamException(
                    "The embedded broker %s".formatted(cluster.health().detail()));
        }
        pipeline.requireLive();
    }

    /** Stops the services, then the registry and the broker; the thread's interruption is kept for afterwards. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (pipeline != null) {
                pipeline.close();
            }
        } finally {
            cluster.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String notReady() {
        return pipeline.services().stream()
                .filter(service -> !service.health().ready())
                .map(service -> "%s says '%s'"
                        .formatted(service.name(), service.health().detail()))
                .toList()
                .toString();
    }
}

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
import org.jspecify.annotations.Nullable;

/** Broker, registry and the three services, all in this process. */
public final class EmbeddedStack implements AutoCloseable {

    /** Static membership: after a hard stop the services need not wait until the session of their predecessors ends. */
    private static final String INSTANCE = "embedded";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;

    private final EmbeddedCluster cluster;
    private final TopicNames topics;
    private final ServiceSettings settings;
    private final MeterRegistry meters;

    private @Nullable Pipeline started;

    /** A stack that is not started yet. */
    public EmbeddedStack(EmbeddedCluster cluster, TopicNames topics, ServiceSettings settings, MeterRegistry meters) {
        this.cluster = cluster;
        this.topics = topics;
        this.settings = settings;
        this.meters = meters;
    }

    /**
     * A temporary stack that does not disturb any other: on free ports, without metrics.
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
     * Starts everything, and returns once all services are ready. An interruption takes effect between two steps, never within
     * one, as a broker that is partly started is hard to stop.
     *
     * @throws InkstreamException if something cannot start; {@link #close()} then stops the rest
     * @throws InterruptedException if the thread is interrupted
     */
    public void start() throws InterruptedException {
        Uninterrupted.run("inkstream-start", cluster::start);
        Uninterrupted.run("inkstream-start", () -> {
            Pipeline pipeline = new Pipeline(cluster.connection().withInstance(INSTANCE), topics, settings, meters);
            started = pipeline;
            pipeline.start();
        });
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!pipeline().ready()) {
            requireLive();
            if (System.nanoTime() > deadline) {
                throw new InkstreamException(
                        "The services were not ready within %d s: %s".formatted(START_TIMEOUT.toSeconds(), notReady()));
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
        Pipeline pipeline = started;
        if (pipeline == null) {
            throw new IllegalStateException("The stack has not been started");
        }
        return pipeline;
    }

    /**
     * Checks that the broker and the services work.
     *
     * @throws InkstreamException if the broker or a service has failed
     */
    public void requireLive() {
        if (!cluster.health().live()) {
            throw new InkstreamException(
                    "The embedded broker %s".formatted(cluster.health().detail()));
        }
        pipeline().requireLive();
    }

    /** Stops the services, then the registry and the broker; the thread's interruption is kept for afterwards. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (started != null) {
                started.close();
            }
        } finally {
            cluster.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String notReady() {
        return pipeline().services().stream()
                .filter(service -> !service.health().ready())
                .map(service -> "%s says '%s'"
                        .formatted(service.name(), service.health().detail()))
                .toList()
                .toString();
    }
}

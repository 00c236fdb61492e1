package io.inkstream.ingest;

import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.registry.RegistryContact;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/** Reads text and writes token blocks, exactly once. */
public final class IngestService implements Service {

    static final String NAME = "ingest";
    private static final Set<Topic> TOPICS = Set.of(Topic.TEXT, Topic.CORPORA, Topic.TOKENS, Topic.DEAD_LETTERS);

    private final Connection connection;
    private final TopicNames topics;
    private final IngestSettings settings;
    private final MeterRegistry meters;
    private final KafkaContact kafka;
    private final RegistryContact registry = new RegistryContact();
    private volatile Phase phase = new Phase.NotStarted();

    /** {@code NotStarted ──start──► Started ──close──► Closed}; an ingest that was never started can be closed too. */
    private sealed interface Phase {

        record NotStarted() implements Phase {}

        record Started(IngestStreams streams) implements Phase {}

        record Closed() implements Phase {}
    }

    /**
     * An ingest that is not started yet.
     *
     * @param connection to Kafka and the registry
     * @param topics names of the topics, and with them of the consumer group
     * @param settings how it runs
     * @param meters for its metrics
     */
    public IngestService(Connection connection, TopicNames topics, IngestSettings settings, MeterRegistry meters) {
        this.connection = connection;
        this.topics = topics;
        this.settings = settings;
        this.meters = meters;
        this.kafka = new KafkaContact(connection);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public synchronized void start() {
        if (!(phase instanceof Phase.NotStarted)) {
            throw new IllegalStateException("Ingest was started before");
        }
        new AccessFailures(connection, Permissions.of(topics, NAME)).requirePermissions();
        TopicProvisioner.ensure(connection, topics, settings.partitions(), TOPICS);
        try {
            IngestStreams streams = new IngestStreams(connection, topics, TOPICS, settings, registry, meters);
            phase = new Phase.Started(streams);
            streams.start(kafka, meters);
        } catch (KafkaException e) {
            throw new InkstreamException(
                    "Kafka Streams cannot be started with these properties (%s): check the KAFKA_ variables."
                            .formatted(rootOf(e).getMessage()),
                    e);
        }
    }

    @Override
    public Health health() {
        Phase now = phase;
        if (now instanceof Phase.Started started) {
            return started.streams().health(outage());
        }
        return Health.waiting(now instanceof Phase.Closed ? "stopped" : "not started");
    }

    @Override
    public synchronized void close() {
        Phase before = phase;
        phase = new Phase.Closed();
        if (before instanceof Phase.Started started) {
            started.streams().close();
        }
    }

    private Optional<String> outage() {
        return kafka.problem().or(registry::problem);
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return root;
    }
}

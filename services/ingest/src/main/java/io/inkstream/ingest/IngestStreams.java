package io.inkstream.ingest;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.sources.TopicAdmin;
import io.inkstream.ingest.topology.IngestTopology;
import io.inkstream.ingest.topology.Wiring;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.files.TemporaryFolder;
import io.inkstream.platform.lifecycle.Breakdown;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.inkstream.platform.observability.Backlog;
import io.inkstream.platform.registry.Outage;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka Streams instance of ingest, with everything that it uses and that is closed with it.
 *
 * <p>Its state is in memory and in changelog topics; a temporary folder has only what Kafka Streams writes about itself.
 */
final class IngestStreams implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(10);

    /** Between two attempts while Kafka or the registry is unavailable. */
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private static final Backlog.Name BACKLOG = new Backlog.Name(
            "inkstream.ingest.backlog",
            "records",
            "Text records that are not processed yet, by partition of the text topic");

    private static final Logger log = LoggerFactory.getLogger(IngestStreams.class);

    private final Connection connection;
    private final TopicNames topics;
    private final Set<Topic> required;
    private final Wiring wiring;
    private final TopicAdmin sources;
    private final List<Serde<?>> serdes;
    private final TemporaryFolder folder;
    private final KafkaStreams streams;
    private final KafkaStreamsMetrics metrics;
    private Optional<Backlog> backlog = Optional.empty();
    private volatile Health failure = Health.down("failed");

    /**
     * Creates the instance; it is not started yet.
     *
     * @param required the topics, which exist
     * @throws org.apache.kafka.common.KafkaException if the client properties are not valid
     */
    IngestStreams(
            Connection connection,
            TopicNames topics,
            Set<Topic> required,
            IngestSettings settings,
            RegistryContact registry,
            MeterRegistry meters) {
        this.connection = connection;
        this.topics = topics;
        this.required = required;
        this.sources = TopicAdmin.connect(connection, List.of(topics.of(Topic.TEXT), topics.of(Topic.CORPORA)));
        this.folder = TemporaryFolder.create("inkstream-ingest-");
        try {
            this.wiring =
                    new Wiring(topics, new CorpusPartition(sources.partitions()), sources, new IngestMeters(meters));
            Serde<CorpusSpec> specs = RecordSerdes.serde(connection, CorpusSpec.class, registry);
            Serde<TokenBlock> blocks = RecordSerdes.serde(connection, TokenBlock.class, registry);
            this.serdes = List.of(specs, blocks);
            this.streams = new KafkaStreams(
                    IngestTopology.of(wiring, specs, blocks),
                    StreamsProperties.of(connection, topics, settings, folder.path(), wiring.polled()));
            this.metrics = new KafkaStreamsMetrics(streams);
        } catch (RuntimeException e) {
            sources.close();
            folder.close();
            throw e;
        }
    }

    /** Starts the threads. */
    void start(KafkaContact kafka, MeterRegistry meters) {
        kafka.watch(streams::metrics);
        streams.setUncaughtExceptionHandler(this::afterFailure);
        streams.setStateListener((to, from) ->
                log.atInfo().addKeyValue("from", from).addKeyValue("to", to).log("State of Kafka Streams changed"));
        metrics.bindTo(meters);
        streams.start();
        backlog = Optional.of(Backlog.measure(
                connection,
                meters,
                BACKLOG,
                new TextBacklog(wiring.progress(), sources, topics.group(IngestService.NAME))));
    }

    /**
     * Its state.
     *
     * @param outage what is unavailable at the moment
     */
    Health health(Optional<String> outage) {
        return switch (streams.state()) {
            case RUNNING ->
                Health.up(wiring.lost().summary().map("reading text; "::concat).orElse("reading text"))
                        .during(outage);
            case CREATED, REBALANCING ->
                Health.waiting("taking over partitions").during(outage);
            case PENDING_SHUTDOWN, NOT_RUNNING -> Health.waiting("stopping");
            case PENDING_ERROR, ERROR -> failure;
        };
    }

    @Override
    public void close() {
        backlog.ifPresent(Backlog::close);
        metrics.close();
        // Leaving the group hands the partitions to the next instance at once, instead of after the session timeout. An
        // instance with a name is expected to come back.
        boolean ended = streams.close(CloseOptions.groupMembershipOperation(
                        connection.instance().isPresent()
                                ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                                : CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
        if (!ended) {
            log.atWarn().addKeyValue("timeout", CLOSE_TIMEOUT).log("Ingest did not stop in time");
        }
        serdes.forEach(Serde::close);
        sources.close();
        folder.close();
    }

    /**
     * Outages are retried: the transaction is aborted, and a new thread reads the same records again. So is a record that
     * is larger than its topic accepts now, which then becomes a dead letter. Anything else would fail again in the same
     * way, so the service fails and reports why.
     */
    private StreamThreadExceptionResponse afterFailure(Throwable thrown) {
        expectEnd(thrown);
        if (Outage.caused(thrown) && !AccessFailures.denied(thrown)) {
            log.atWarn().setCause(thrown).log("Retrying: Kafka or the registry is unavailable");
            LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        if (recordLimitChanged(thrown)) {
            log.atWarn().setCause(thrown).log("Retrying: the maximum record size of a topic has changed");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        failure = Breakdown.of(
                IngestService.NAME,
                connection,
                Permissions.of(topics, IngestService.NAME),
                AccessFailures.denied(thrown) ? thrown : explained(thrown));
        log.atError().setCause(thrown).log("Ingest has failed");
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** Kafka Streams throws what was handled once more, out of the thread that ends: it has been logged by then. */
    private static void expectEnd(Throwable handled) {
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {
            if (thrown != handled) {
                log.atError().setCause(thrown).log("A thread of Kafka Streams has failed");
            }
        });
    }

    /**
     * Kafka Streams fails when topics were changed, for instance got more partitions, but does not report that; and of a missing
     * permission its producer sometimes has the text only.
     */
    private Throwable explained(Throwable thrown) {
        try {
            new AccessFailures(connection, Permissions.of(topics, IngestService.NAME)).requirePermissions();
            TopicProvisioner.check(connection, topics, required, CHECK_TIMEOUT);
            return thrown;
        } catch (InkstreamException e) {
            e.addSuppressed(thrown);
            return e;
        }
    }

    private boolean recordLimitChanged(Throwable thrown) {
        boolean tooLarge = Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(RecordTooLargeException.class::isInstance);
        try {
            return tooLarge && sources.refresh();
        } catch (InkstreamException e) {
            thrown.addSuppressed(e);
            return false;
        }
    }
}

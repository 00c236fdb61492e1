package io.inkstream.ingest;

import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.positions.LostText;
import io.inkstream.ingest.sources.TopicAdmin;
import io.inkstream.ingest.topology.IngestTopology;
import io.inkstream.ingest.topology.Wiring;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Breakdown;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.registry.Outage;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.platform.topics.CorpusPartition;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.platform.topics.TopicProvisioner;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads book text and makes token blocks of it, exactly once.
 *
 * <p>Its state is in memory and in changelog topics; a folder for temporary files holds nothing but what Kafka Streams
 * writes about itself, and is deleted when the service is closed.
 */
public final class IngestService implements Service {

    private static final Set<Topic> TOPICS = Set.of(Topic.TEXT, Topic.CORPORA, Topic.TOKENS, Topic.DEAD_LETTERS);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);

    /** Between two attempts while something cannot be reached. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(IngestService.class);

    private final Connection connection;
    private final TopicNames topics;
    private final IngestSettings settings;
    private final MeterRegistry meters;
    private final KafkaContact kafka;
    private final RegistryContact registry = new RegistryContact();

    private volatile Running running;
    private volatile Health failure;
    private volatile boolean closed;

    /** What there is between start and close. */
    private record Running(
            KafkaStreams streams,
            KafkaStreamsMetrics metrics,
            List<Serde<?>> serdes,
            TopicAdmin sources,
            LostText lost,
            Path folder) {}

    /**
     * An ingest that is not started yet.
     *
     * @param connection where Kafka and the registry are
     * @param topics names of the topics, and with them of the consumer group
     * @param settings how it runs
     * @param meters where it counts
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
        return "ingest";
    }

    @Override
    public synchronized void start() {
        if (running != null || closed) {
            throw new IllegalStateException("Ingest was started before");
        }
        TopicProvisioner.ensure(connection, topics, settings.partitions(), TOPICS);
        TopicAdmin sources = TopicAdmin.connect(connection, List.of(topics.of(Topic.TEXT), topics.of(Topic.CORPORA)));
        Wiring wiring =
                new Wiring(topics, new CorpusPartition(sources.partitions()), sources, new IngestMeters(meters));

        Serde<CorpusSpec> specs = RecordSerdes.values(connection, registry);
        Serde<TokenBlock> blocks = RecordSerdes.values(connection, registry);
        Path folder = temporaryFolder();
        try {
            KafkaStreams streams = new KafkaStreams(
                    IngestTopology.of(wiring, specs, blocks),
                    StreamsProperties.of(connection, topics, settings, folder, wiring.polled()));
            KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams);
            running = new Running(streams, metrics, List.of(specs, blocks), sources, wiring.lost(), folder);
            kafka.watch(streams::metrics);
            streams.setUncaughtExceptionHandler(this::afterFailure);
            streams.setStateListener((to, from) ->
                    log.atInfo().addKeyValue("from", from).addKeyValue("to", to).log("Ingest changes its state"));
            metrics.bindTo(meters);
            streams.start();
        } catch (KafkaException e) {
            sources.close();
            delete(folder);
            throw new InkstreamException(
                    "Kafka Streams cannot be started with these properties (%s): look through the KAFKA_ variables."
                            .formatted(rootOf(e).getMessage()),
                    e);
        }
    }

    @Override
    public Health health() {
        Running now = running;
        if (now == null) {
            return Health.waiting(closed ? "stopped" : "not started");
        }
        return switch (now.streams().state()) {
            case RUNNING ->
                Health.up(now.lost().inWords().map("reading text; "::concat).orElse("reading text"))
                        .during(outage());
            case CREATED, REBALANCING ->
                Health.waiting("taking over partitions").during(outage());
            case PENDING_SHUTDOWN, NOT_RUNNING -> Health.waiting("stopping");
            case PENDING_ERROR, ERROR -> failure == null ? Health.down("failed") : failure;
        };
    }

    private Optional<String> outage() {
        return kafka.problem().or(registry::problem);
    }

    @Override
    public synchronized void close() {
        closed = true;
        Running was = running;
        if (was == null) {
            return;
        }
        running = null;
        was.metrics().close();
        // Leaving the group hands the partitions to the next instance at once; else it would wait for the session's
        // end. An instance with a name is expected back.
        boolean ended = was.streams()
                .close(CloseOptions.groupMembershipOperation(
                                connection.instance().isPresent()
                                        ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                                        : CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                        .withTimeout(LONGEST_CLOSE));
        if (!ended) {
            log.atWarn().addKeyValue("seconds", LONGEST_CLOSE.toSeconds()).log("Ingest did not stop in time");
        }
        was.serdes().forEach(Serde::close);
        was.sources().close();
        delete(was.folder());
    }

    /**
     * What passes is tried again: the transaction is aborted, and a new thread reads the same records once more. So is a
     * record that was larger than its topic takes by now, which then becomes a dead letter. Anything else would fail the same way again, so the service goes down and says so.
     */
    private StreamThreadExceptionResponse afterFailure(Throwable thrown) {
        if (Outage.caused(thrown)) {
            log.atWarn().setCause(thrown).log("Ingest cannot reach Kafka or the registry: trying again");
            LockSupport.parkNanos(PAUSE.toNanos());
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        if (takesLessThanBefore(thrown)) {
            log.atWarn().setCause(thrown).log("Topics take smaller records than before: trying again");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        failure = Breakdown.of(name(), connection, explained(thrown));
        log.atError().setCause(thrown).log("Ingest has failed");
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** Topics that were changed meanwhile, for instance given more partitions, are why Kafka Streams fails, but it does not say so. */
    private Throwable explained(Throwable thrown) {
        try {
            TopicProvisioner.check(connection, topics, TOPICS, Duration.ofSeconds(10));
            return thrown;
        } catch (InkstreamException e) {
            e.addSuppressed(thrown);
            return e;
        }
    }

    private boolean takesLessThanBefore(Throwable thrown) {
        Running now = running;
        boolean tooLarge = Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(RecordTooLargeException.class::isInstance);
        try {
            return tooLarge && now != null && now.sources().refresh();
        } catch (InkstreamException e) {
            thrown.addSuppressed(e);
            return false;
        }
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("inkstream-ingest-");
        } catch (IOException e) {
            throw new InkstreamException(
                    "No temporary folder can be made in %s (%s): make room there, or name another with -Djava.io.tmpdir."
                            .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
                    e);
        }
    }

    private static void delete(Path folder) {
        if (Files.notExists(folder)) {
            return; // Streams removes an empty state folder itself
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            log.atWarn().addKeyValue("folder", folder).setCause(e).log("Temporary folder could not be deleted");
        }
    }
}

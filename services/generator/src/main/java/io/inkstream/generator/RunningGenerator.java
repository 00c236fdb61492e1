package io.inkstream.generator;

import io.inkstream.corpuslog.checkpoints.CheckpointHistory;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.answers.AnswerWriter;
import io.inkstream.generator.generation.GenerationLoops;
import io.inkstream.generator.models.DecoderFactory;
import io.inkstream.generator.models.ModelCatalogue;
import io.inkstream.generator.models.ModelFollower;
import io.inkstream.generator.models.ModelLoader;
import io.inkstream.generator.models.Models;
import io.inkstream.generator.models.UnreadableCheckpoint;
import io.inkstream.generator.requests.RequestOffsets;
import io.inkstream.generator.requests.RequestPoller;
import io.inkstream.generator.requests.RequestReader;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.lifecycle.Breakdown;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.inkstream.platform.lifecycle.Threads;
import io.inkstream.platform.observability.Backlog;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.PrefixRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a started generator and their threads: one follows the models, two load checkpoints, one polls requests, two
 * parse requests and one those that need the registry for it, as many as there are processors generate, and three write
 * answers. None waits for another except when it is closed.
 */
final class RunningGenerator implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RunningGenerator.class);
    private static final Duration FIRST_LOAD_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LOAD_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);
    private static final int LOADERS = 2;
    private static final int WORKERS = 2;

    /** Number of full batches that are read in advance. */
    private static final int BATCHES = 16;

    /** Number of different seeds of java.util.Random. */
    private static final long SEEDS = 1L << 48;

    private static final Backlog.Name BACKLOG = new Backlog.Name(
            "inkstream.generator.backlog",
            "requests",
            "Requests that are not answered yet, by partition of the topic prefixes");

    private final Connection connection;
    private final TopicNames topics;
    private final KafkaContact kafka;
    private final RegistryContact registry = new RegistryContact();
    private final ModelCatalogue catalogue = new ModelCatalogue();
    private final RequestOffsets offsets = new RequestOffsets();
    private final Deserializer<PrefixRequest> requests;
    private final ExecutorService loaders = Executors.newFixedThreadPool(LOADERS, named("generator-loader"));
    private final ScheduledExecutorService workers =
            Executors.newScheduledThreadPool(WORKERS, named("generator-worker"));
    private final ScheduledExecutorService registryReaders =
            Executors.newSingleThreadScheduledExecutor(named("generator-registry-reader"));
    private final AnswerWriter answers;
    private final Models models;
    private final ModelFollower follower;
    private final GenerationLoops loops;
    private final RequestPoller poller;
    private final Thread pollerThread;
    private final MeterRegistry registryOfMeters;
    private Optional<Backlog> backlog = Optional.empty();
    private volatile Optional<Health> broken = Optional.empty();

    /** Creates the parts; the threads are not started yet. */
    RunningGenerator(
            Connection connection,
            TopicNames topics,
            GeneratorSettings settings,
            MeterRegistry registryOfMeters,
            DecoderFactory decoders) {
        this.connection = connection;
        this.topics = topics;
        this.registryOfMeters = registryOfMeters;
        this.kafka = new KafkaContact(connection);
        int threads = Runtime.getRuntime().availableProcessors();
        this.loops = new GenerationLoops(threads, settings.batch(), this::broken);
        GeneratorMeters meters = new GeneratorMeters(registryOfMeters, loops::size, offsets::pending);
        this.requests = RecordSerdes.deserializer(connection, PrefixRequest.class, registry);
        this.answers =
                new AnswerWriter(connection, topics, settings.replyTopics(), registryOfMeters, registry, this::broken);
        this.models = new Models(
                catalogue,
                new ModelLoader(
                        (corpus, manifest) ->
                                unlessDenied(() -> new CheckpointReader(connection, topics).read(corpus, manifest)),
                        (corpus, damaged) -> unlessDenied(
                                () -> new CheckpointHistory(connection, topics).fallbacks(corpus, damaged)),
                        decoders),
                loaders,
                meters::loaded,
                FIRST_LOAD_TIMEOUT,
                LOAD_BACK_OFF,
                settings.modelsMemory());
        meters.models(models);
        ConsumerFactory consumers = new ConsumerFactory(connection, registryOfMeters, kafka);
        this.follower = new ModelFollower(connection, consumers, topics, catalogue, models::changed, registry);
        RequestFlow flow = new RequestFlow(
                new RequestReader(requests, () -> ThreadLocalRandom.current().nextLong(SEEDS), settings.limits()),
                catalogue,
                models,
                loops,
                new Responses(answers, meters),
                workers,
                registryReaders,
                this::broken);
        this.poller = new RequestPoller(
                consumers,
                topics,
                offsets,
                Math.max(64, BATCHES * threads * settings.batch()),
                follower.caughtUp(),
                flow::begin);
        this.pollerThread = new Thread(poller, "generator-requests");
        pollerThread.setUncaughtExceptionHandler((of, e) -> broken(e));
    }

    /** Starts the threads. */
    void start() {
        loops.start();
        follower.start(this::broken);
        pollerThread.start();
        backlog = Optional.of(Backlog.measure(connection, registryOfMeters, BACKLOG, offsets::progress));
    }

    /** Its state. */
    Health health() {
        return broken.orElseGet(() -> working().during(kafka.problem().or(registry::problem)));
    }

    /** Stops polling first, which waits for the pending requests: the other parts must still run then. */
    @Override
    public void close() {
        poller.stop();
        Threads.join(pollerThread, JOIN_TIMEOUT);
        backlog.ifPresent(Backlog::close);
        workers.shutdownNow();
        registryReaders.shutdownNow();
        loops.close();
        follower.close();
        loaders.shutdownNow();
        answers.close();
        requests.close();
    }

    private Health working() {
        if (follower.caughtUp().getCount() > 0) {
            return Health.waiting("reading the list of models");
        }
        if (!poller.isAssigned()) {
            return Health.waiting("joining the group " + topics.group(GeneratorService.NAME));
        }
        return Health.up(Stream.concat(
                        Stream.of("models of %d corpora, %d requests pending"
                                .formatted(catalogue.trained().size(), offsets.pending())),
                        models.unreadable().stream().map(UnreadableCheckpoint::toString))
                .collect(Collectors.joining("; ")));
    }

    /** A checkpoint that may not be read is not damaged: without the permission, none can be. */
    private <T> T unlessDenied(Supplier<T> read) {
        try {
            return read.get();
        } catch (RuntimeException e) {
            if (AccessFailures.denied(e)) {
                broken(e);
            }
            throw e;
        }
    }

    private void broken(Throwable e) {
        log.atError().setCause(e).log("The generator has failed");
        if (broken.isEmpty()) {
            broken = Optional.of(
                    Breakdown.of(GeneratorService.NAME, connection, Permissions.of(topics, GeneratorService.NAME), e));
        }
        poller.stop();
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> new Thread(task, name + "-" + number.incrementAndGet());
    }
}

package io.inkstream.generator;

import io.inkstream.corpuslog.checkpoints.CheckpointHistory;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.generator.answers.AnswerWriter;
import io.inkstream.generator.generation.GenerationLoop;
import io.inkstream.generator.models.DecoderFactory;
import io.inkstream.generator.models.ModelCatalogue;
import io.inkstream.generator.models.ModelTail;
import io.inkstream.generator.models.Models;
import io.inkstream.generator.models.UnreadableNewest;
import io.inkstream.generator.requests.RequestOffsets;
import io.inkstream.generator.requests.RequestPoller;
import io.inkstream.generator.requests.RequestReader;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Breakdown;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.PrefixRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers prefixes with completions, by the newest committed checkpoint of each corpus.
 *
 * <p>Its threads: one follows the models, two load checkpoints, one polls requests, two read requests and one those that
 * need the registry for it, one generates, and three write answers. None waits for another but at the end.
 */
public final class GeneratorService implements Service {

    private static final Logger log = LoggerFactory.getLogger(GeneratorService.class);

    private static final Set<Topic> TOPICS = EnumSet.of(
            Topic.CORPORA,
            Topic.MODELS,
            Topic.CHECKPOINTS,
            Topic.HISTORY,
            Topic.PREFIXES,
            Topic.COMPLETIONS,
            Topic.COMPLETIONS_TEXT,
            Topic.DEAD_LETTERS);

    private static final Duration FIRST_LOAD = Duration.ofSeconds(60);
    private static final Duration BEFORE_LOADING_AGAIN = Duration.ofSeconds(10);
    private static final Duration THREAD_END = Duration.ofSeconds(30);
    private static final int LOADERS = 2;
    private static final int WORKERS = 2;
    /** Seeds that java.util.Random tells apart. */
    private static final long SEEDS = 1L << 48;

    private final Connection connection;
    private final TopicNames topics;
    private final GeneratorSettings settings;
    private final MeterRegistry meters;
    private final DecoderFactory decoders;
    private final KafkaContact kafka;
    private final RegistryContact registry = new RegistryContact();

    private final ModelCatalogue catalogue = new ModelCatalogue();
    private final RequestOffsets offsets = new RequestOffsets();
    private final GenerationLoop loop;
    private Models models;
    private ModelTail tail;
    private RequestPoller poller;
    private AnswerWriter answers;
    private Deserializer<PrefixRequest> requests;
    private ExecutorService loaders;
    private ScheduledExecutorService workers;
    private ScheduledExecutorService registryReaders;
    private Thread tailThread;
    private Thread pollerThread;
    private Thread loopThread;
    private volatile State state = State.NEW;
    private volatile Throwable failure;

    private enum State {
        NEW,
        RUNNING,
        CLOSED
    }

    /** A generator, not started yet. */
    public GeneratorService(
            Connection connection, TopicNames topics, GeneratorSettings settings, MeterRegistry meters) {
        this(connection, topics, settings, meters, CheckpointDecoder::of);
    }

    /** A generator of checkpoints in another format. */
    public GeneratorService(
            Connection connection,
            TopicNames topics,
            GeneratorSettings settings,
            MeterRegistry meters,
            DecoderFactory decoders) {
        this.connection = connection;
        this.topics = topics;
        this.settings = settings;
        this.meters = meters;
        this.decoders = decoders;
        this.kafka = new KafkaContact(connection);
        this.loop = new GenerationLoop(settings.batch());
    }

    @Override
    public String name() {
        return "generator";
    }

    @Override
    public synchronized void start() {
        if (state != State.NEW) {
            throw new IllegalStateException("A generator starts once");
        }
        TopicProvisioner.ensure(connection, topics, settings.partitions(), TOPICS);
        GeneratorMeters counters = new GeneratorMeters(meters, loop::size, offsets::underWay);
        requests = RecordSerdes.deserializer(connection, PrefixRequest.class, registry);
        answers = new AnswerWriter(connection, topics, settings.replyTopics(), meters, registry, this::broken);
        loaders = Executors.newFixedThreadPool(LOADERS, named("generator-loader"));
        workers = Executors.newScheduledThreadPool(WORKERS, named("generator-worker"));
        registryReaders = Executors.newSingleThreadScheduledExecutor(named("generator-registry-reader"));
        models = new Models(
                catalogue,
                new CheckpointReader(connection, topics)::read,
                new CheckpointHistory(connection, topics)::fallbacks,
                decoders,
                loaders,
                model -> counters.loaded(models, model.corpus()),
                FIRST_LOAD,
                BEFORE_LOADING_AGAIN,
                settings.modelsMemory());
        counters.models(models);
        tail = new ModelTail(connection, topics, catalogue, models::changed, meters, kafka, registry);
        RequestFlow flow = new RequestFlow(
                new RequestReader(requests, () -> ThreadLocalRandom.current().nextLong(SEEDS), settings.limits()),
                catalogue,
                models,
                loop,
                answers,
                counters,
                workers,
                registryReaders,
                this::broken);
        poller = new RequestPoller(
                connection,
                topics,
                offsets,
                Math.max(64, 16 * settings.batch()),
                tail.caughtUp(),
                flow::begin,
                meters,
                kafka);
        state = State.RUNNING;
        loopThread = run("generator-loop", loop);
        tailThread = run("generator-models", tail);
        pollerThread = run("generator-requests", poller);
    }

    @Override
    public Health health() {
        if (failure != null) {
            return Breakdown.of(name(), connection, failure);
        }
        return switch (state) {
            case NEW -> Health.waiting("not started");
            case CLOSED -> Health.waiting("stopped");
            case RUNNING -> running().during(kafka.problem().or(registry::problem));
        };
    }

    private Health running() {
        if (tail.caughtUp().getCount() > 0) {
            return Health.waiting("reading which models there are");
        }
        if (!poller.isAssigned()) {
            return Health.waiting("joining the group " + topics.group("generator"));
        }
        return Health.up(Stream.concat(
                        Stream.of("models of %d corpora, %d requests under way"
                                .formatted(catalogue.trained().size(), offsets.underWay())),
                        models.unreadable().stream().map(UnreadableNewest::toString))
                .collect(Collectors.joining("; ")));
    }

    @Override
    public synchronized void close() {
        if (state == State.RUNNING) {
            // The poller goes first, and finishes what is under way: the others must be there for it.
            poller.stop();
            await(pollerThread);
            workers.shutdownNow();
            registryReaders.shutdownNow();
            loop.stop();
            await(loopThread);
            tail.stop();
            await(tailThread);
            loaders.shutdownNow();
            answers.close();
            requests.close();
        }
        state = State.CLOSED;
    }

    private Thread run(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setUncaughtExceptionHandler((of, e) -> broken(e));
        thread.start();
        return thread;
    }

    private void broken(Throwable e) {
        log.atError().setCause(e).log("The generator cannot go on");
        failure = e;
        poller.stop();
    }

    private static void await(Thread thread) {
        try {
            thread.join(THREAD_END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever closes us is in a hurry: the rest is let go without waiting
        }
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> new Thread(task, name + "-" + number.incrementAndGet());
    }
}

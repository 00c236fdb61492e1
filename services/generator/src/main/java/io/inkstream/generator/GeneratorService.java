package io.inkstream.generator;

import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.generator.models.DecoderFactory;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.Set;

/** Answers prefixes with completions, by the latest committed checkpoint of each corpus. */
public final class GeneratorService implements Service {

    static final String NAME = "generator";

    private static final Set<Topic> TOPICS = EnumSet.of(
            Topic.CORPORA,
            Topic.MODELS,
            Topic.CHECKPOINTS,
            Topic.HISTORY,
            Topic.PREFIXES,
            Topic.COMPLETIONS,
            Topic.COMPLETIONS_TEXT,
            Topic.DEAD_LETTERS);

    private final Connection connection;
    private final TopicNames topics;
    private final GeneratorSettings settings;
    private final MeterRegistry meters;
    private final DecoderFactory decoders;
    private volatile Phase phase = new Phase.NotStarted();

    /** {@code NotStarted ──start──► Started ──close──► Closed}; a generator that was never started can be closed too. */
    private sealed interface Phase {

        record NotStarted() implements Phase {}

        record Started(RunningGenerator generator) implements Phase {}

        record Closed() implements Phase {}
    }

    /** A generator that is not started yet. */
    public GeneratorService(
            Connection connection, TopicNames topics, GeneratorSettings settings, MeterRegistry meters) {
        this(connection, topics, settings, meters, CheckpointDecoder::of);
    }

    /** A generator for checkpoints in another format. */
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
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public synchronized void start() {
        if (!(phase instanceof Phase.NotStarted)) {
            throw new IllegalStateException("The generator was started before");
        }
        new AccessFailures(connection, Permissions.of(topics, NAME)).requirePermissions();
        TopicProvisioner.ensure(connection, topics, settings.partitions(), TOPICS);
        RunningGenerator generator = new RunningGenerator(connection, topics, settings, meters, decoders);
        phase = new Phase.Started(generator);
        generator.start();
    }

    @Override
    public Health health() {
        Phase now = phase;
        if (now instanceof Phase.Started started) {
            return started.generator().health();
        }
        return Health.waiting(now instanceof Phase.Closed ? "stopped" : "not started");
    }

    @Override
    public synchronized void close() {
        Phase before = phase;
        if (before instanceof Phase.Started started) {
            started.generator().close();
        }
        phase = new Phase.Closed();
    }
}

package io.inkstream.trainer;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicId;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Breakdown;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.observability.KafkaMeters;
import io.inkstream.trainer.followers.RollbackFollower;
import io.inkstream.trainer.followers.SpecFollower;
import io.inkstream.trainer.settings.TrainerSettings;
import io.inkstream.trainer.training.TrainingLoop;
import io.inkstream.trainer.training.TrainingMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trainer: a thread that reads tokens, a thread that follows the specs, and a thread that trains and commits
 * checkpoints.
 */
public final class TrainerService implements Service {

    private static final Logger log = LoggerFactory.getLogger(TrainerService.class);

    private final Connection connection;
    private final TopicNames topics;
    private final TrainerSettings settings;
    private final MeterRegistry meters;
    private final KafkaContact kafka;
    private SpecFollower specs;
    private RollbackFollower rollbacks;
    private TrainingLoop training;
    private TokenReader reader;
    private KafkaClientMetrics readerMetrics;
    private volatile State state = State.NEW;

    private enum State {
        NEW,
        RUNNING,
        CLOSED
    }

    /** A trainer that is not started yet. */
    public TrainerService(Connection connection, TopicNames topics, TrainerSettings settings, MeterRegistry meters) {
        this.connection = connection;
        this.topics = topics;
        this.settings = settings;
        this.meters = meters;
        this.kafka = new KafkaContact(connection);
    }

    @Override
    public String name() {
        return "trainer";
    }

    @Override
    public synchronized void start() {
        TopicProvisioner.ensure(
                connection,
                topics,
                settings.partitions(),
                Set.of(
                        Topic.CORPORA,
                        Topic.TOKENS,
                        Topic.CHECKPOINTS,
                        Topic.MODELS,
                        Topic.HISTORY,
                        Topic.PROGRESS,
                        Topic.DEAD_LETTERS));
        ComputeDevice device = device();
        String corpora = topics.of(Topic.CORPORA);
        String corporaId = TopicId.of(connection, topics, Topic.CORPORA)
                .orElseThrow(() -> new InkstreamException("Topic %s is gone: start again.".formatted(corpora)));
        specs = new SpecFollower(connection, corpora, corporaId, () -> training.wakeUp());
        rollbacks = new RollbackFollower(connection, topics.of(Topic.MODELS), () -> training.wakeUp());
        training = new TrainingLoop(connection, topics, settings, new TrainingMeters(meters), specs, rollbacks);
        reader = new TokenReader(connection, topics, training);
        kafka.watch(reader.consumer()::metrics);
        readerMetrics = KafkaMeters.bind(meters, reader.consumer());
        specs.start();
        rollbacks.start();
        training.start(device);
        reader.start();
        state = State.RUNNING;
        log.atInfo()
                .addKeyValue("device", device.name())
                .addKeyValue("threads", device.threads())
                .log("Trainer started");
    }

    @Override
    public Health health() {
        return switch (state) {
            case NEW -> Health.waiting("not started");
            case CLOSED -> Health.waiting("stopped");
            case RUNNING -> running().during(kafka.problem().or(reader.registry()::problem));
        };
    }

    private Health running() {
        Throwable failure = training.failure() != null ? training.failure() : reader.failure();
        if (failure == null) {
            failure = specs.failure() != null ? specs.failure() : rollbacks.failure();
        }
        if (failure != null) {
            return Breakdown.of(name(), connection, failure);
        }
        if (!reader.assigned()) {
            return Health.waiting("waiting for partitions");
        }
        return training.ready() && specs.caughtUp() ? Health.up("training") : Health.waiting("taking partitions over");
    }

    @Override
    public synchronized void close() {
        if (state != State.RUNNING) {
            state = State.CLOSED;
            return;
        }
        state = State.CLOSED;
        reader.close(); // leaves the group, which lets the training loop commit
        training.close();
        specs.close();
        rollbacks.close();
        readerMetrics.close();
        log.atInfo().log("Trainer stopped");
    }

    private ComputeDevice device() {
        try {
            return ComputeDevice.open(
                    ComputeDevice.Choice.valueOf(settings.device().toUpperCase(Locale.ROOT)), settings.threads());
        } catch (IllegalArgumentException e) {
            throw new InkstreamException(e.getMessage(), e);
        }
    }
}

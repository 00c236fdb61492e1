package io.inkstream.trainer;

import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicId;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.EngineUnavailableException;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.access.Permission;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.platform.lifecycle.Breakdown;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.observability.Backlog;
import io.inkstream.trainer.followers.RollbackFollower;
import io.inkstream.trainer.followers.SpecFollower;
import io.inkstream.trainer.settings.TrainerSettings;
import io.inkstream.trainer.training.TrainingLoop;
import io.inkstream.trainer.training.TrainingMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trainer: a thread that polls tokens, threads that follow specs and rollbacks, and a thread that trains and commits
 * checkpoints.
 */
public final class TrainerService implements Service {

    private static final Logger log = LoggerFactory.getLogger(TrainerService.class);

    private static final Backlog.Name UNREAD = new Backlog.Name(
            "inkstream.trainer.unread",
            "records",
            "Token records that are not read yet, by partition of the tokens topic");

    private static final Set<Topic> TOPICS = Set.of(
            Topic.CORPORA,
            Topic.TOKENS,
            Topic.CHECKPOINTS,
            Topic.MODELS,
            Topic.HISTORY,
            Topic.PROGRESS,
            Topic.DEAD_LETTERS);

    private final Connection connection;
    private final TopicNames topics;
    private final TrainerSettings settings;
    private final MeterRegistry meters;
    private final KafkaContact kafka;
    private volatile State state = new NotStarted();

    private sealed interface State {

        Health health();
    }

    private record NotStarted() implements State {

        @Override
        public Health health() {
            return Health.waiting("not started");
        }
    }

    private record Stopped() implements State {

        @Override
        public Health health() {
            return Health.waiting("stopped");
        }
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
        Engines engines = new Engines(settings.engineSettings());
        Engine engine = configured(engines);
        CompletableFuture<Void> unused = engine.warmUp(); // while Kafka is asked for this and that
        List<Permission> needed = Permissions.of(topics, name());
        new AccessFailures(connection, needed).requirePermissions();
        TopicProvisioner.ensure(connection, topics, settings.partitions(), TOPICS);
        String corpora = topics.of(Topic.CORPORA);
        String corporaId = TopicId.of(connection, topics, Topic.CORPORA)
                .orElseThrow(() ->
                        new InkstreamException("Topic %s has been deleted: restart the trainer.".formatted(corpora)));
        ConsumerFactory consumers = new ConsumerFactory(connection, meters, kafka);
        SpecFollower specs = new SpecFollower(connection, consumers, corpora, corporaId);
        RollbackFollower rollbacks = new RollbackFollower(connection, consumers, topics.of(Topic.MODELS));
        TrainingLoop training =
                new TrainingLoop(connection, topics, settings, engines, new TrainingMeters(meters), specs, rollbacks);
        TokenPoller poller = new TokenPoller(connection, consumers, topics, training);
        specs.start(training::wakeUp);
        rollbacks.start(training::wakeUp);
        training.start();
        poller.start();
        Backlog unread = Backlog.measure(connection, meters, UNREAD, poller::progress);
        state = new Running(specs, rollbacks, training, poller, unread, needed);
        log.atInfo()
                .addKeyValue("engine", engine.kind().word())
                .addKeyValue("device", engine.device())
                .addKeyValue("threads", engine.cpuThreads())
                .log("Trainer started");
    }

    @Override
    public Health health() {
        return state.health();
    }

    @Override
    public synchronized void close() {
        State last = state;
        state = new Stopped();
        if (last instanceof Running running) {
            running.close();
            log.atInfo().log("Trainer stopped");
        }
    }

    /** Opens the engine here, so that a trainer without it does not start. */
    private static Engine configured(Engines engines) {
        try {
            return engines.configured();
        } catch (EngineUnavailableException e) {
            throw new InkstreamException(e.getMessage() + ".", e);
        }
    }

    private final class Running implements State {

        private final SpecFollower specs;
        private final RollbackFollower rollbacks;
        private final TrainingLoop training;
        private final TokenPoller poller;
        private final Backlog unread;
        private final List<Permission> needed;
        private @Nullable Health broken;

        Running(
                SpecFollower specs,
                RollbackFollower rollbacks,
                TrainingLoop training,
                TokenPoller poller,
                Backlog unread,
                List<Permission> needed) {
            this.needed = needed;
            this.specs = specs;
            this.rollbacks = rollbacks;
            this.training = training;
            this.poller = poller;
            this.unread = unread;
        }

        @Override
        public Health health() {
            return failure()
                    .map(this::broken)
                    .orElseGet(this::progress)
                    .during(kafka.problem().or(poller.registry()::problem));
        }

        /** Worked out once: it may take a question to the brokers. */
        private synchronized Health broken(Throwable failure) {
            Health known = broken;
            if (known == null) {
                known = Breakdown.of(name(), connection, needed, failure);
                broken = known;
            }
            return known;
        }

        private Optional<Throwable> failure() {
            return training.failure().or(poller::failure).or(specs::failure).or(rollbacks::failure);
        }

        private Health progress() {
            if (!poller.assigned()) {
                return Health.waiting("waiting for partitions");
            }
            return training.ready() && specs.caughtUp()
                    ? Health.up("training")
                    : Health.waiting("taking partitions over");
        }

        void close() {
            unread.close();
            poller.close(); // leaves the group, which lets the training loop commit
            training.close();
            specs.close();
            rollbacks.close();
        }
    }
}

package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointHistory;
import io.inkstream.corpuslog.checkpoints.CheckpointReader;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.corpuslog.checkpoints.OwnershipLostException;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.checkpoints.TransactionTimedOutException;
import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.trainer.followers.RollbackFollower;
import io.inkstream.trainer.followers.SpecFollower;
import io.inkstream.trainer.settings.TrainerSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training thread. It trains the corpora of all owned partitions in time slices on one device, and commits their
 * checkpoints. Other threads talk to it through commands, which are carried out between two minibatches.
 */
public final class TrainingLoop {

    private static final Logger log = LoggerFactory.getLogger(TrainingLoop.class);

    private static final long SLICE_NANOS = Duration.ofMillis(250).toNanos();
    private static final long FIRST_CHECKPOINT_NANOS = Duration.ofSeconds(1).toNanos();

    /** After another has taken a partition over: time for the group to say whether it is still assigned to this trainer. */
    private static final long FENCED_NANOS = Duration.ofSeconds(5).toNanos();

    private static final long REST_MILLIS = 100;

    private final Connection connection;
    private final TopicNames topics;
    private final TrainerSettings settings;
    private final TrainingMeters meters;
    private final SpecFollower specs;
    private final RollbackFollower rollbacks;
    private final CommittedCheckpoints source;
    private final LiveProgress progress;
    private final Mailbox commands = new Mailbox();
    private final Map<Integer, OwnedPartition> partitions = new HashMap<>();
    private final Map<String, Long> checkpointedAt = new HashMap<>();
    private final Thread thread = new Thread(this::run, "training");

    private volatile ConsumerGroupMetadata group;
    private volatile boolean closing;
    private volatile Throwable failure;
    private volatile boolean allOpen;
    private volatile boolean news;
    private volatile boolean resting;
    private ComputeDevice device;

    /** A loop that is not started yet. */
    public TrainingLoop(
            Connection connection,
            TopicNames topics,
            TrainerSettings settings,
            TrainingMeters meters,
            SpecFollower specs,
            RollbackFollower rollbacks) {
        this.connection = connection;
        this.topics = topics;
        this.settings = settings;
        this.meters = meters;
        this.specs = specs;
        this.rollbacks = rollbacks;
        this.source = new CommittedCheckpoints(connection, topics);
        this.progress = new LiveProgress(connection, topics.of(Topic.PROGRESS));
    }

    /** Starts training on a device. */
    public void start(ComputeDevice computeDevice) {
        this.device = computeDevice;
        thread.start();
    }

    /** What ended the loop, or null. */
    public Throwable failure() {
        return failure;
    }

    /** True when every owned partition is taken over. */
    public boolean ready() {
        return allOpen;
    }

    /** Takes partitions over. */
    public void assign(Collection<PartitionTokens> added) {
        allOpen = false;
        CompletableFuture<Void> unused = commands.ask(() -> added.forEach(
                tokens -> partitions.put(tokens.partition(), new OwnedPartition(connection, topics, tokens, device))));
    }

    /**
     * Lets partitions go, after committing what was trained; what cannot be committed is left to the next owner.
     *
     * @return completed when they are let go; exceptionally if that ended the loop
     */
    public CompletableFuture<Void> revoke(Collection<Integer> removed, ConsumerGroupMetadata metadata) {
        return commands.ask(() -> {
            group = metadata;
            removed.forEach(partition -> release(partitions.remove(partition), true));
        });
    }

    /** Drops partitions that another trainer owns by now. */
    public CompletableFuture<Void> lose(Collection<Integer> lost) {
        return commands.ask(() -> lost.forEach(partition -> release(partitions.remove(partition), false)));
    }

    /** Names the generation of the consumer group in which commits are made from now on. */
    public void inGeneration(ConsumerGroupMetadata metadata) {
        group = metadata;
    }

    /** Tells the loop that there may be something new to do. It ends a rest, but nobody's slice. */
    public void wakeUp() {
        news = true;
        if (resting) {
            CompletableFuture<Void> unused = commands.ask(() -> {});
        }
    }

    /** Ends the loop and waits for it. Partitions still owned are dropped without a commit: revoke them first. */
    public void close() {
        closing = true;
        wakeUp();
        try {
            thread.join(Duration.ofSeconds(30).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        progress.close();
    }

    private void run() {
        try {
            device.prepareThread();
            while (!closing) {
                boolean worked = pass();
                carryOutCommands(worked ? 0 : REST_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failure = e;
            log.atError().setCause(e).log("Training ended");
        } finally {
            try {
                partitions.values().forEach(OwnedPartition::close);
                partitions.clear();
            } finally {
                commands.close(); // nothing is owned any more: whoever waits for a release need not wait
            }
        }
    }

    private void carryOutCommands(long restMillis) throws InterruptedException {
        resting = true; // before the question for news: whoever brings some later sees it
        boolean told = news;
        news = false;
        try {
            commands.carryOut(told ? 0 : restMillis);
        } finally {
            resting = false;
        }
    }

    /** Gives every corpus a slice; returns whether any trained. */
    private boolean pass() {
        boolean worked = false;
        boolean open = true;
        for (OwnedPartition partition : partitions.values()) {
            try {
                if (!partition.open() && !reopened(partition)) {
                    open = false;
                    continue;
                }
                if (partition.tokens().caughtUp() && specs.caughtUp()) {
                    worked |= train(partition);
                }
            } catch (OwnershipLostException e) {
                log.atWarn()
                        .addKeyValue("partition", partition.tokens().partition())
                        .addKeyValue("error", e.getMessage())
                        .log("Nothing is committed until this trainer owns the partition again; what it has trained"
                                + " is kept, and committed then unless another has trained these corpora"
                                + " meanwhile");
                partition.giveWay(FENCED_NANOS);
                open = false;
            } catch (TransactionTimedOutException e) {
                log.atWarn()
                        .addKeyValue("partition", partition.tokens().partition())
                        .log(e.getMessage());
                partition.retreat(partition.pauseAfterFailure());
                open = false;
            } catch (KafkaException | InkstreamException e) {
                log.atWarn()
                        .addKeyValue("partition", partition.tokens().partition())
                        .addKeyValue("reason", e.toString())
                        .log("Kafka did not take a commit or a take-over; it is tried again from what is in memory");
                partition.retreat(partition.pauseAfterFailure());
                open = false;
            }
        }
        allOpen = open;
        return worked;
    }

    private boolean reopened(OwnedPartition partition) {
        if (!partition.takeOverDue()) {
            return false;
        }
        partition.takeOver();
        return true;
    }

    private boolean train(OwnedPartition partition) {
        boolean worked = false;
        for (CorpusTraining training : partition.trainings()) {
            if (rollbacks.rolledBackSince(training.corpus(), training.committed())) {
                partition.retreat(0);
                partition.takeOver();
            }
            training.follow(specs.spec(training.corpus()), source);
            if (!training.wanted()) {
                retire(partition, training);
                continue;
            }
            boolean trained = slice(training);
            worked |= trained;
            glance(partition, training, trained);
            if (checkpointDue(training)) {
                checkpoint(partition, training);
                glance(partition, training, false);
            }
        }
        if (partition.hasDeadLetters()) {
            partition.commitDeadLetters(group);
        }
        return worked;
    }

    /** The spec was taken back, or no longer asks for training. */
    private void retire(OwnedPartition partition, CorpusTraining training) {
        if (training.uncommitted()) {
            checkpoint(partition, training);
        }
        training.close();
    }

    private boolean slice(CorpusTraining training) {
        if (!(training.state() instanceof RunState.Training)) {
            training.idle();
            return false;
        }
        long start = System.nanoTime();
        long now = start;
        training.tick(now);
        do {
            meters.trained(training.step());
            now = System.nanoTime();
        } while (now - start < SLICE_NANOS
                && commands.isEmpty()
                && !closing
                && training.state() instanceof RunState.Training);
        training.tick(now);
        return true;
    }

    private void glance(OwnedPartition partition, CorpusTraining training, boolean trained) {
        long now = System.nanoTime();
        if (!trained || progress.due(training.corpus(), now)) {
            TrainingProgress live = training.glance();
            if (progress.isNews(training.corpus(), live, now)) {
                partition.requireOwnership(group);
                progress.publish(partition.tokens().partition(), training.corpus(), live, System.nanoTime());
            }
            meters.perplexity(training.corpus(), training.perplexity(), training.validationPerplexity());
        }
    }

    /** Every so often, soon after the first steps, and when all epochs are done. */
    private boolean checkpointDue(CorpusTraining training) {
        if (training.finishedUnsaid()) {
            return true;
        }
        if (!training.uncommitted()) {
            return false;
        }
        long now = System.nanoTime();
        long since = now - checkpointedAt.computeIfAbsent(training.corpus(), corpus -> now);
        long interval = settings.checkpointInterval().toNanos();
        return since >= (training.committed() == null ? Math.min(FIRST_CHECKPOINT_NANOS, interval) : interval);
    }

    private void checkpoint(OwnedPartition partition, CorpusTraining training) {
        Optional<PreparedCheckpoint> checkpoint = training.prepare(settings.slots());
        long bytes = checkpoint.map(PreparedCheckpoint::bytes).orElse(0L);
        if (partition.allowTimeFor(bytes)) {
            checkpoint = training.prepare(settings.slots());
        }
        if (checkpoint.isPresent()) {
            checkpointedAt.put(training.corpus(), System.nanoTime());
            if (partition.commit(training, checkpoint.get(), group)) {
                meters.checkpointed(training.corpus());
            }
        }
    }

    /** Lets a partition go in every case: what goes wrong costs the steps since the last commit, and is logged. */
    private void release(OwnedPartition partition, boolean commit) {
        if (partition == null) {
            return;
        }
        try (partition) {
            if (commit && partition.open()) {
                for (CorpusTraining training : partition.trainings()) {
                    if (training.uncommitted()) {
                        checkpoint(partition, training);
                    }
                }
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            log.atWarn()
                    .addKeyValue("partition", partition.tokens().partition())
                    .addKeyValue("error", e.toString())
                    .setCause(e instanceof KafkaException || e instanceof InkstreamException ? null : e)
                    .log("The last steps could not be committed; the next owner repeats them");
        } finally {
            partition.tokens().corpora().keySet().forEach(corpus -> {
                progress.forget(corpus);
                checkpointedAt.remove(corpus);
                meters.forget(corpus);
            });
        }
    }

    /** Checkpoints from their topic. */
    private static final class CommittedCheckpoints implements CorpusTraining.CheckpointSource {

        private final CheckpointReader reader;
        private final CheckpointHistory history;

        CommittedCheckpoints(Connection connection, TopicNames topics) {
            this.reader = new CheckpointReader(connection, topics);
            this.history = new CheckpointHistory(connection, topics);
        }

        @Override
        public Checkpoint read(String corpus, CheckpointManifest manifest) {
            Checkpoint checkpoint = reader.read(corpus, manifest, Checkpoint::read);
            checkpoint.network().notFinite().ifPresent(sign -> {
                throw new CheckpointUnreadableException(
                        "Checkpoint %s of corpus '%s' is of a training that diverged (%s): earlier versions committed such."
                                .formatted(manifest.getSha256(), corpus, sign));
            });
            return checkpoint;
        }

        @Override
        public List<CheckpointManifest> fallbacks(String corpus, CheckpointManifest damaged) {
            return history.fallbacks(corpus, damaged);
        }
    }
}

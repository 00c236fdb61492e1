package io.inkstream.trainer.training;

import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.platform.config.Connection;
import io.inkstream.trainer.followers.RollbackFollower;
import io.inkstream.trainer.followers.SpecFollower;
import io.inkstream.trainer.settings.TrainerSettings;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * Training as other threads see it: partitions come and go, and it trains and commits what it has. The work is that of
 * {@link TrainingShard}, on the thread of {@link TrainingRuntime}.
 */
public final class TrainingLoop implements AutoCloseable {

    private final TrainingShard shard;
    private final TrainingRuntime runtime;
    private final TrainingReporter reporter;
    private volatile Optional<ConsumerGroupMetadata> generation = Optional.empty();
    private volatile CompletableFuture<Void> assignment = CompletableFuture.completedFuture(null);

    /** A loop that is not started yet. */
    public TrainingLoop(
            Connection connection,
            TopicNames topics,
            TrainerSettings settings,
            Engines engines,
            TrainingMeters meters,
            SpecFollower specs,
            RollbackFollower rollbacks) {
        this.reporter = new TrainingReporter(new LiveProgress(connection, topics.of(Topic.PROGRESS)), meters);
        CheckpointSchedule schedule = new CheckpointSchedule(settings.checkpointInterval(), System::nanoTime);
        Checkpointer checkpointer = new Checkpointer(settings.slots(), schedule, reporter);
        CorpusRotation rotation = new CorpusRotation(
                specs, rollbacks, new CommittedCheckpoints(connection, topics), checkpointer, reporter);
        this.shard = new TrainingShard(connection, topics, engines, this::generation, rotation, checkpointer, reporter);
        this.runtime = new TrainingRuntime(shard);
    }

    /** Starts training. */
    public void start() {
        runtime.start();
    }

    /** What ended the loop, if it failed. */
    public Optional<Throwable> failure() {
        return runtime.failure();
    }

    /** True when every assigned partition is taken over. */
    public boolean ready() {
        return assignment.isDone() && shard.allOwned();
    }

    /** Takes partitions over, as soon as Kafka is available. */
    public void assign(Collection<PartitionTokens> added) {
        assignment = runtime.submit(() -> shard.assign(added));
    }

    /**
     * Releases partitions, after committing what was trained; what cannot be committed is left to the next owner.
     *
     * @return completed when they are released; exceptionally if that ended the loop
     */
    public CompletableFuture<Void> revoke(Collection<Integer> removed) {
        return runtime.submit(() -> shard.revoke(removed));
    }

    /** Drops partitions that another trainer owns by now. */
    public CompletableFuture<Void> lose(Collection<Integer> lost) {
        return runtime.submit(() -> shard.lose(lost));
    }

    /** Names the generation of the consumer group in which commits are made from now on. */
    public void inGeneration(ConsumerGroupMetadata metadata) {
        generation = Optional.of(metadata);
    }

    private ConsumerGroupMetadata generation() {
        return generation.orElseThrow(
                () -> new IllegalStateException("The consumer group has not assigned anything yet"));
    }

    /** Notifies the loop that there may be something to do. */
    public void wakeUp() {
        runtime.wakeUp();
    }

    /** Ends the loop and waits for it. Partitions still owned are dropped without a commit: revoke them first. */
    @Override
    public void close() {
        runtime.close();
        reporter.close();
    }
}

package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.OwnershipLostException;
import io.inkstream.corpuslog.checkpoints.TransactionTimedOutException;
import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that the group has assigned to this trainer: they are taken over, trained, and released. What fails in one
 * of them does not hold up the others. Used by the training thread only, but for {@link #allOwned}.
 */
final class TrainingShard implements TrainingRuntime.Shard {

    private static final Logger log = LoggerFactory.getLogger(TrainingShard.class);

    /** After another has taken a partition over: time for the group to say whether it is still assigned to this trainer. */
    private static final long FENCED_NANOS = Duration.ofSeconds(5).toNanos();

    private final Connection connection;
    private final TopicNames topics;
    private final Engines engines;
    private final Supplier<ConsumerGroupMetadata> group;
    private final CorpusRotation rotation;
    private final Checkpointer checkpointer;
    private final TrainingReporter reporter;
    private final Map<Integer, OwnedPartition> partitions = new HashMap<>();
    private volatile boolean allOwned;

    TrainingShard(
            Connection connection,
            TopicNames topics,
            Engines engines,
            Supplier<ConsumerGroupMetadata> group,
            CorpusRotation rotation,
            Checkpointer checkpointer,
            TrainingReporter reporter) {
        this.connection = connection;
        this.topics = topics;
        this.engines = engines;
        this.group = group;
        this.rotation = rotation;
        this.checkpointer = checkpointer;
        this.reporter = reporter;
    }

    /** True when all assigned partitions are taken over. Safe for use by any thread. */
    boolean allOwned() {
        return allOwned;
    }

    /** The group has assigned partitions to this trainer. */
    void assign(Collection<PartitionTokens> added) {
        allOwned = false;
        added.forEach(tokens -> partitions.put(
                tokens.partition(), new OwnedPartition(connection, topics, tokens, engines, group, reporter)));
    }

    /** Releases partitions, after committing what was trained; what cannot be committed is left to the next owner. */
    void revoke(Collection<Integer> removed) {
        removed.forEach(partition -> release(partition, true));
    }

    /** Drops partitions that another trainer owns by now. */
    void lose(Collection<Integer> lost) {
        lost.forEach(partition -> release(partition, false));
    }

    /** Takes over what is assigned, and gives every corpus of what is owned a slice. */
    @Override
    public boolean pass(BooleanSupplier interrupted) {
        boolean trained = false;
        boolean owned = true;
        for (OwnedPartition partition : partitions.values()) {
            try {
                if (!partition.ensureOwned()) {
                    owned = false;
                } else if (rotation.ready(partition)) {
                    trained |= rotation.train(partition, interrupted);
                }
            } catch (KafkaException | InkstreamException e) {
                if (AccessFailures.denied(e)) {
                    throw e; // for every partition alike, and trying again does not change it
                }
                owned = false;
                backOff(partition, e);
            }
        }
        allOwned = owned;
        return trained;
    }

    private static void backOff(OwnedPartition partition, RuntimeException e) {
        int number = partition.tokens().partition();
        if (e instanceof OwnershipLostException) {
            log.atWarn()
                    .addKeyValue("partition", number)
                    .addKeyValue("error", e.getMessage())
                    .log(
                            "Partition no longer owned: what was trained stays in memory, and is committed once this trainer"
                                    + " owns the partition again, unless another has trained these corpora");
            partition.giveWay(FENCED_NANOS);
        } else {
            boolean timedOut = e instanceof TransactionTimedOutException;
            log.atWarn()
                    .addKeyValue("partition", number)
                    .addKeyValue("error", timedOut ? e.getMessage() : e.toString())
                    .log("Commit or take-over failed; retrying with what is in memory");
            partition.backOff();
        }
    }

    @Override
    public void close() {
        try {
            partitions.values().forEach(OwnedPartition::close);
        } finally {
            partitions.clear();
        }
    }

    /** Releases a partition in every case: what goes wrong costs the steps since the last commit, and is logged. */
    private void release(int number, boolean commit) {
        OwnedPartition partition = partitions.remove(number);
        if (partition == null) {
            return;
        }
        try (partition) {
            if (commit && partition.isOwned()) {
                partition.trainings().forEach(training -> checkpointer.commitRest(partition, training));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            log.atWarn()
                    .addKeyValue("partition", number)
                    .addKeyValue("error", e.toString())
                    .setCause(e instanceof KafkaException || e instanceof InkstreamException ? null : e)
                    .log("The last steps could not be committed; the next owner repeats them");
        } finally {
            partition.tokens().corpora().keySet().forEach(corpus -> {
                reporter.forget(corpus);
                checkpointer.forget(corpus);
            });
        }
    }
}

package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointRejectedException;
import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.CommittedManifests;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.checkpoints.TransactionTimedOutException;
import io.inkstream.corpuslog.checkpoints.TransactionTimeout;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.trainer.training.Ownership.Owned;
import io.inkstream.trainer.training.Ownership.Pending;
import io.inkstream.trainer.training.Ownership.Released;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that the group has assigned to this trainer: its transactions, and the training of its corpora. Used by the
 * training thread only.
 *
 * <pre>
 *              takeOver                       commit, commitDeadLetters, requireOwnership
 *   Pending ─────────────────────────▶ Owned ──┐
 *    ▲   ▲                              │  ▲   │
 *    │   │  retreat, backOff:           │  └───┘
 *    │   │  Kafka failed, or a rollback │
 *    │   └──────────────────────────────┤
 *    │      giveWay:                    │
 *    │      another has taken over      │
 *    └──────────────────────────────────┘
 *
 *   from every phase:  close ──▶ Released
 * </pre>
 *
 * <p>The trainings outlive a pending phase: what they have in memory is committed after the next take-over, unless another
 * has committed in between.
 */
final class OwnedPartition implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OwnedPartition.class);

    /** The group takes at least ten seconds to give the partition of a silent member to another. */
    private static final long CONFIRMATION_NANOS = Duration.ofSeconds(5).toNanos();

    private static final long ASK_AGAIN_NANOS = Duration.ofMillis(500).toNanos();

    private final Connection connection;
    private final TopicNames topics;
    private final PartitionTokens tokens;
    private final Engines engines;
    private final Supplier<ConsumerGroupMetadata> group;
    private final TrainingReporter reporter;
    private final CommitRetries retries;
    private final Map<String, CorpusTraining> trainings = new LinkedHashMap<>();
    private Ownership ownership = new Pending(System.nanoTime(), false);

    /**
     * A partition that is not taken over yet.
     *
     * @param group the generation of the consumer group in which to commit
     * @param reporter counts dead letters
     */
    OwnedPartition(
            Connection connection,
            TopicNames topics,
            PartitionTokens tokens,
            Engines engines,
            Supplier<ConsumerGroupMetadata> group,
            TrainingReporter reporter) {
        this.connection = connection;
        this.topics = topics;
        this.tokens = tokens;
        this.engines = engines;
        this.group = group;
        this.reporter = reporter;
        this.retries = new CommitRetries(TransactionTimeout.configured(connection));
    }

    PartitionTokens tokens() {
        return tokens;
    }

    /** True when earlier owners are fenced and the committed checkpoints are known. */
    boolean isOwned() {
        return ownership instanceof Owned;
    }

    /**
     * Takes the partition over if that is due.
     *
     * @return whether it is owned
     * @throws KafkaException if the broker cannot be reached; try again
     */
    boolean ensureOwned() {
        if (ownership instanceof Pending pending && takeOverDue(pending)) {
            takeOver();
        }
        return isOwned();
    }

    private boolean takeOverDue(Pending pending) {
        if (System.nanoTime() - pending.takeOverAt() < 0) {
            return false;
        }
        if (pending.fenced() && CheckpointTransactions.underWay(connection, topics, tokens.partition())) {
            ownership = new Pending(System.nanoTime() + ASK_AGAIN_NANOS, true);
            return false;
        }
        return true;
    }

    /** Fences earlier owners, then reads what they committed: in this order nothing can be committed in between. */
    private void takeOver() {
        long start = System.nanoTime();
        CheckpointTransactions opened =
                new CheckpointTransactions(connection, topics, tokens.partition(), retries.timeout());
        Owned owned;
        try {
            CommittedManifests committed =
                    CommittedManifests.read(connection, topics, tokens.partition(), tokens.rejected());
            owned = new Owned(opened, committed.byCorpus(), committed.deadLetters(), start);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        ownership = owned;
        // After a commit whose reply was lost, the topic shows whether it was committed.
        trainings.forEach((corpus, training) -> training.reconcile(owned.manifest(corpus)));
    }

    /**
     * Takes the partition over again.
     *
     * @throws KafkaException if the broker cannot be reached; try again
     */
    void takeOverAgain() {
        retreat(0);
        takeOver();
    }

    /**
     * Stops committing. What was trained stays in memory, and training continues from it unless another has committed by the
     * time the partition is taken over again.
     *
     * @param pauseNanos before that
     */
    void retreat(long pauseNanos) {
        boolean fenced = ownership instanceof Pending pending && pending.fenced();
        closeTransactions();
        ownership = new Pending(System.nanoTime() + pauseNanos, fenced);
    }

    /** As {@link #retreat}, with a pause that grows with each commit that fails. */
    void backOff() {
        retreat(retries.pauseNanos());
    }

    /**
     * As {@link #retreat}, after another has taken the partition over. If the group keeps it assigned to this trainer all the
     * same, that was a rollback or an import, which is not fenced while its transaction is open.
     */
    void giveWay(long pauseNanos) {
        closeTransactions();
        ownership = new Pending(System.nanoTime() + pauseNanos, true);
    }

    /** The trainings of all corpora that have tokens here at this moment; more may come while they are iterated over. */
    List<CorpusTraining> trainings() {
        Owned owned = owned();
        for (Map.Entry<String, CorpusTokens> corpus : tokens.corpora().entrySet()) {
            trainings.computeIfAbsent(
                    corpus.getKey(),
                    name -> new CorpusTraining(name, corpus.getValue(), owned.manifest(name), engines));
        }
        return List.copyOf(trainings.values());
    }

    /**
     * Makes sure that there is time to commit a checkpoint: a transaction's timeout is fixed when the partition is taken over,
     * so it may have to be taken over again.
     *
     * @return true when it was: what was prepared for a commit has to be prepared again
     */
    boolean allowTimeFor(long bytes) {
        if (!retries.extendFor(bytes)) {
            return false;
        }
        takeOverAgain();
        log.atInfo()
                .addKeyValue("partition", tokens.partition())
                .addKeyValue("bytes", bytes)
                .addKeyValue("timeout", owned().transactions().timeout())
                .log("Transaction timeout extended for large checkpoints");
        return true;
    }

    /**
     * Commits a checkpoint, along with the pending dead letters. One that cannot be written fails its training and no other.
     *
     * @return whether it was committed
     * @throws TransactionTimedOutException if it took too long; the next may take twice as long, if the broker allows it
     */
    boolean commit(CorpusTraining training, PreparedCheckpoint checkpoint) {
        Owned owned = owned();
        Settlement settlement = settlement(owned, Optional.of(training));
        long start = System.nanoTime();
        CheckpointManifest manifest;
        try {
            manifest = owned.transactions().commitCheckpoint(checkpoint, settlement, group.get());
        } catch (CheckpointRejectedException e) {
            abort(owned);
            training.fail(String.valueOf(e.getMessage()), e);
            return false;
        } catch (TransactionTimedOutException e) {
            timedOut(owned, training, checkpoint.bytes(), e);
            throw e;
        } catch (RuntimeException e) {
            retries.failed();
            retreat(0);
            throw e;
        }
        training.committed(manifest);
        settled(owned, settlement);
        retries.succeeded();
        ownership = owned.confirmed(start);
        log.atInfo()
                .addKeyValue("corpus", training.corpus())
                .addKeyValue("checkpoint", manifest.getSha256())
                .addKeyValue("step", manifest.getStep())
                .addKeyValue("perplexity", manifest.getPerplexity())
                .addKeyValue("bytes", manifest.getBytes())
                .log("Checkpoint committed");
        return true;
    }

    private void settled(Owned owned, Settlement settlement) {
        owned.deadLetters().settled(settlement);
        reporter.deadLetters(settlement.deadLetters().size());
    }

    private void timedOut(Owned owned, CorpusTraining training, long bytes, TransactionTimedOutException e) {
        TransactionTimeout allowed = owned.transactions().timeout();
        retreat(0);
        if (retries.timedOut(allowed)) {
            training.fail(
                    "its checkpoint of %d bytes was not written within %s, the longest that the broker allows a transaction: raise the broker's transaction.max.timeout.ms, or train a smaller network"
                            .formatted(bytes, allowed),
                    e);
        }
    }

    private void abort(Owned owned) {
        try {
            owned.transactions().abort();
        } catch (RuntimeException e) {
            retreat(0);
            throw e;
        }
    }

    /** True when there are dead letters to commit. */
    boolean hasDeadLetters() {
        return owned().deadLetters().pending();
    }

    /** Commits dead letters that no checkpoint takes along. */
    void commitDeadLetters() {
        Owned owned = owned();
        Settlement settlement = settlement(owned, Optional.empty());
        if (settlement.deadLetters().isEmpty()) {
            return; // rejected, but not yet below the position
        }
        commit(owned, settlement);
        log.atWarn()
                .addKeyValue("partition", tokens.partition())
                .addKeyValue("records", settlement.deadLetters().size())
                .log("Records that could not be read were sent to the dead letters");
    }

    /**
     * Makes sure that this trainer is the owner, for what is published outside of its transactions: if the last commit is too
     * long ago, as it is for a process that slept, the offsets are committed again.
     *
     * @throws io.inkstream.corpuslog.checkpoints.OwnershipLostException if another is
     * @throws KafkaException if the brokers do not say so
     */
    void requireOwnership() {
        Owned owned = owned();
        if (System.nanoTime() - owned.confirmedAt() > CONFIRMATION_NANOS) {
            commit(owned, settlement(owned, Optional.empty()));
        }
    }

    private void commit(Owned owned, Settlement settlement) {
        long start = System.nanoTime();
        try {
            owned.transactions().commitDeadLetters(settlement, group.get());
        } catch (RuntimeException e) {
            retreat(0);
            throw e;
        }
        settled(owned, settlement);
        ownership = owned.confirmed(start);
    }

    @Override
    public void close() {
        try {
            trainings.values().forEach(CorpusTraining::close);
            trainings.clear();
        } finally {
            closeTransactions();
            ownership = new Released();
        }
    }

    private void closeTransactions() {
        if (ownership instanceof Owned owned) {
            owned.transactions().close();
        }
    }

    private Owned owned() {
        if (ownership instanceof Owned owned) {
            return owned;
        }
        throw new IllegalStateException("Partition %d is not owned: %s".formatted(tokens.partition(), ownership));
    }

    /**
     * What a transaction settles beside a checkpoint.
     *
     * @param committing the training whose checkpoint it commits, if any
     */
    private Settlement settlement(Owned owned, Optional<CorpusTraining> committing) {
        return owned.deadLetters().settlement(tokens.position(), untrainedOffset(committing));
    }

    /**
     * The offset of the first token record that no committed checkpoint covers. It is what the group's lag is measured
     * from; reading always starts at the beginning of the partition.
     */
    private long untrainedOffset(Optional<CorpusTraining> committing) {
        long offset = tokens.position();
        for (CorpusTraining training : trainings()) {
            CorpusTokens corpus = training.tokens();
            long trained = committing.filter(training::equals).isPresent()
                    ? training.learnedTokens()
                    : corpus.learnedTokens(training.newestCheckpoint());
            offset = Math.min(
                    offset,
                    corpus.firstOffsetFrom(training.coveredTokens(trained)).orElse(offset));
        }
        return offset;
    }
}

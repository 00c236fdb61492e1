package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointRejectedException;
import io.inkstream.corpuslog.checkpoints.CheckpointTransactions;
import io.inkstream.corpuslog.checkpoints.CommittedManifests;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import io.inkstream.corpuslog.checkpoints.TransactionTimedOutException;
import io.inkstream.corpuslog.checkpoints.TransactionTimeout;
import io.inkstream.corpuslog.deadletters.PartitionDeadLetters;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.tokens.CorpusTokens;
import io.inkstream.corpuslog.tokens.PartitionTokens;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that this trainer owns: its transactions, and the training of its corpora. Used by the training thread
 * only.
 */
final class OwnedPartition implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OwnedPartition.class);
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    /** About a minute between two attempts. */
    private static final int MOST_DOUBLINGS = 6;

    /** Commits of a checkpoint that may take too long before its corpus is given up, once no more time is allowed. */
    private static final int MOST_TOO_SLOW = 3;

    /** The group takes at least ten seconds to give the partition of a silent member to another. */
    private static final long OWNERSHIP_NANOS = Duration.ofSeconds(5).toNanos();

    private static final long ASK_AGAIN_NANOS = Duration.ofMillis(500).toNanos();

    private final Connection connection;
    private final TopicNames topics;
    private final PartitionTokens tokens;
    private final ComputeDevice device;
    private final Map<String, CorpusTraining> trainings = new LinkedHashMap<>();
    private Map<String, CheckpointManifest> manifests;
    private PartitionDeadLetters letters;
    private CheckpointTransactions transactions;

    /** How long a transaction should be allowed to take. */
    private TransactionTimeout timeout;

    /** Commits that failed since the last that did not. */
    private int failedCommits;

    private long takeOverAt = System.nanoTime();
    private boolean gaveWay;

    /** When this trainer began what has shown that it was the owner. */
    private long ownedAt;

    OwnedPartition(Connection connection, TopicNames topics, PartitionTokens tokens, ComputeDevice device) {
        this.connection = connection;
        this.topics = topics;
        this.tokens = tokens;
        this.device = device;
        this.timeout = TransactionTimeout.configured(connection);
    }

    PartitionTokens tokens() {
        return tokens;
    }

    /** True when earlier owners are fenced and the committed checkpoints are known. */
    boolean open() {
        return transactions != null;
    }

    /**
     * Fences earlier owners, then reads what they committed: in this order nothing can be committed in between.
     *
     * @throws KafkaException if the broker cannot be reached; try again
     */
    void takeOver() {
        long start = System.nanoTime();
        CheckpointTransactions opened = new CheckpointTransactions(connection, topics, tokens.partition(), timeout);
        try {
            CommittedManifests committed =
                    CommittedManifests.read(connection, topics, tokens.partition(), tokens.refused());
            manifests = committed.byCorpus();
            letters = committed.letters();
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        transactions = opened;
        ownedAt = start;
        gaveWay = false;
        // After a commit whose answer was lost, the topic knows whether it was committed.
        trainings.forEach((corpus, training) -> training.takenOver(manifests.get(corpus)));
    }

    /**
     * Stops committing. What was trained stays in memory, and is gone on with unless others have committed by the time that
     * the partition is taken over again.
     *
     * @param pause nanoseconds before that
     */
    void retreat(long pause) {
        closeTransactions();
        takeOverAt = System.nanoTime() + pause;
    }

    /**
     * As {@link #retreat}, after another has taken the partition over. If the group leaves it with this trainer all the same,
     * then that was a rollback or an import, which is not fenced while its transaction is under way.
     */
    void giveWay(long pause) {
        retreat(pause);
        gaveWay = true;
    }

    /**
     * True when the partition may be taken over (again).
     *
     * @throws KafkaException if the broker cannot be reached; try again
     */
    boolean takeOverDue() {
        if (System.nanoTime() - takeOverAt < 0) {
            return false;
        }
        if (gaveWay && CheckpointTransactions.underWay(connection, topics, tokens.partition())) {
            takeOverAt = System.nanoTime() + ASK_AGAIN_NANOS;
            return false;
        }
        return true;
    }

    /** The trainings of all corpora that have tokens here at this moment; more may come while they are gone through. */
    List<CorpusTraining> trainings() {
        for (Map.Entry<String, CorpusTokens> corpus : tokens.corpora().entrySet()) {
            trainings.computeIfAbsent(
                    corpus.getKey(), name -> new CorpusTraining(name, corpus.getValue(), manifests.get(name), device));
        }
        return List.copyOf(trainings.values());
    }

    /**
     * Sees to it that there is time to commit a checkpoint: a transaction's timeout is fixed when the partition is taken over,
     * so it may have to be taken over again.
     *
     * @return true when it was: what was prepared for a commit has to be prepared anew
     */
    boolean allowTimeFor(long bytes) {
        TransactionTimeout wanted = timeout.forBytes(bytes);
        if (!timeout.isShorterThan(wanted)) {
            return false;
        }
        timeout = wanted;
        closeTransactions();
        takeOver();
        log.atInfo()
                .addKeyValue("partition", tokens.partition())
                .addKeyValue("bytes", bytes)
                .addKeyValue("timeout", transactions.timeout())
                .log("Transactions may take longer from now on, as checkpoints are large");
        return true;
    }

    /**
     * Commits a checkpoint, with the dead letters that have gathered. One that cannot be written fails its training and no
     * other.
     *
     * @return whether it was committed
     * @throws TransactionTimedOutException if it took too long; the next may take twice as long, where the broker allows it
     */
    boolean commit(CorpusTraining training, PreparedCheckpoint checkpoint, ConsumerGroupMetadata group) {
        Settlement settlement = settlement(training);
        long start = System.nanoTime();
        try {
            training.committed(transactions.commit(checkpoint, settlement, group));
            letters.settled(settlement);
            failedCommits = 0;
        } catch (CheckpointRejectedException e) {
            abort();
            training.reject(e.getMessage(), e);
            return false;
        } catch (TransactionTimedOutException e) {
            tooSlow(training, checkpoint.bytes(), e);
            throw e;
        } catch (RuntimeException e) {
            failedCommits++;
            closeTransactions();
            throw e;
        }
        ownedAt = start;
        log.atInfo()
                .addKeyValue("corpus", training.corpus())
                .addKeyValue("checkpoint", training.committed().getSha256())
                .addKeyValue("step", training.committed().getStep())
                .addKeyValue("perplexity", training.committed().getPerplexity())
                .addKeyValue("bytes", training.committed().getBytes())
                .log("Checkpoint committed");
        return true;
    }

    /** How long to wait after a commit that failed, in nanoseconds: twice as long each time, as all of it is written again. */
    long pauseAfterFailure() {
        int doublings = Math.min(Math.max(0, failedCommits - 1), MOST_DOUBLINGS);
        return RETRY_NANOS << doublings;
    }

    private void tooSlow(CorpusTraining training, long bytes, TransactionTimedOutException e) {
        boolean limited = transactions.timeout().isShorterThan(timeout);
        TransactionTimeout allowed = transactions.timeout();
        closeTransactions();
        failedCommits++;
        if (!limited) {
            timeout = timeout.longer();
        } else if (failedCommits >= MOST_TOO_SLOW) {
            failedCommits = 0;
            training.reject(
                    "its checkpoint of %d bytes was not written within %s, the longest that the broker allows a transaction: raise the broker's transaction.max.timeout.ms, or train a smaller network"
                            .formatted(bytes, allowed),
                    e);
        }
    }

    /** Commits dead letters that no checkpoint takes along. */
    void commitDeadLetters(ConsumerGroupMetadata group) {
        Settlement settlement = settlement(null);
        if (settlement.deadLetters().isEmpty()) {
            return; // refused, but not yet below the position
        }
        commit(settlement, group);
        log.atWarn()
                .addKeyValue("partition", tokens.partition())
                .addKeyValue("records", settlement.deadLetters().size())
                .log("Records that could not be read went to the dead letters");
    }

    /**
     * Makes sure that this trainer is the owner, for what is published outside of its transactions: if the last commit is too
     * long ago, as it is for a process that slept, then the offsets are committed again.
     *
     * @throws io.inkstream.corpuslog.checkpoints.OwnershipLostException if another is
     * @throws KafkaException if the brokers do not say so
     */
    void requireOwnership(ConsumerGroupMetadata group) {
        if (System.nanoTime() - ownedAt > OWNERSHIP_NANOS) {
            commit(settlement(null), group);
        }
    }

    private void commit(Settlement settlement, ConsumerGroupMetadata group) {
        long start = System.nanoTime();
        try {
            transactions.commit(settlement, group);
            letters.settled(settlement);
        } catch (RuntimeException e) {
            closeTransactions();
            throw e;
        }
        ownedAt = start;
    }

    /** True when dead letters wait for a transaction. */
    boolean hasDeadLetters() {
        return letters.waiting();
    }

    @Override
    public void close() {
        try {
            trainings.values().forEach(CorpusTraining::close);
            trainings.clear();
        } finally {
            closeTransactions();
        }
    }

    /** What a transaction that commits this training, or null, settles beside it. */
    private Settlement settlement(CorpusTraining committing) {
        return letters.settlement(tokens.position(), untrainedOffset(committing));
    }

    private void abort() {
        try {
            transactions.abort();
        } catch (RuntimeException e) {
            closeTransactions();
            throw e;
        }
    }

    private void closeTransactions() {
        if (transactions != null) {
            transactions.close();
            transactions = null;
        }
    }

    /**
     * The offset of the first token record that no committed checkpoint covers. It is what the group's lag is measured
     * from; reading always starts at the beginning of the partition.
     *
     * @param committing the training whose checkpoint is being committed, or null
     */
    private long untrainedOffset(CorpusTraining committing) {
        long offset = tokens.position();
        for (CorpusTraining training : trainings()) {
            long trained = training == committing
                    ? training.learnedTokens()
                    : tokens.corpora().get(training.corpus()).learnedTokens(training.committed());
            offset = Math.min(
                    offset,
                    tokens.corpora()
                            .get(training.corpus())
                            .firstOffsetFrom(training.coveredTokens(trained))
                            .orElse(offset));
        }
        return offset;
    }
}

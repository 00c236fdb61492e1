package io.inkstream.trainer.training;

import io.inkstream.languagemodel.training.ComputeDevice;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.topics.LatestByKey;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.trainer.checkpoints.CheckpointTransactions;
import io.inkstream.trainer.checkpoints.PreparedCheckpoint;
import io.inkstream.trainer.partitions.CorpusTokens;
import io.inkstream.trainer.partitions.PartitionTokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that this trainer owns: its transactions, and the training of its corpora. Used by the training thread
 * only.
 */
final class OwnedPartition implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OwnedPartition.class);

    private final Connection connection;
    private final TopicNames topics;
    private final PartitionTokens tokens;
    private final ComputeDevice device;
    private final Map<String, CorpusTraining> trainings = new LinkedHashMap<>();
    private Map<String, CheckpointManifest> manifests;
    private CheckpointTransactions transactions;
    private long closedUntil = System.nanoTime();

    OwnedPartition(Connection connection, TopicNames topics, PartitionTokens tokens, ComputeDevice device) {
        this.connection = connection;
        this.topics = topics;
        this.tokens = tokens;
        this.device = device;
    }

    PartitionTokens tokens() {
        return tokens;
    }

    /** True when earlier owners are fenced and the committed checkpoints are known. */
    boolean open() {
        return transactions != null;
    }

    /** Sets the time, as of {@link System#nanoTime}, before which it is not to be opened. */
    void closedUntil(long nanos) {
        closedUntil = nanos;
    }

    /** True when it may be opened. */
    boolean mayOpen(long nanos) {
        return nanos - closedUntil >= 0;
    }

    /**
     * Fences earlier owners, then reads what they committed: in this order nothing can be committed in between.
     *
     * @throws KafkaException if the broker cannot be reached; try again
     */
    void takeOver() {
        CheckpointTransactions opened = new CheckpointTransactions(connection, topics, tokens.partition());
        try (Deserializer<CheckpointManifest> deserializer =
                RecordSerdes.<CheckpointManifest>values(connection).deserializer()) {
            manifests = LatestByKey.read(
                    connection, new TopicPartition(topics.of(Topic.MODELS), tokens.partition()), deserializer);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        transactions = opened;
        // After a commit whose answer was lost, the topic knows whether it was committed.
        trainings.forEach((corpus, training) -> {
            CheckpointManifest newest = manifests.get(corpus);
            if (newest != null && !newest.equals(training.committed())) {
                training.committed(newest);
            }
        });
    }

    /** The trainings of all corpora that have tokens here at this moment; more may come while they are gone through. */
    List<CorpusTraining> trainings() {
        for (Map.Entry<String, CorpusTokens> corpus : tokens.corpora().entrySet()) {
            trainings.computeIfAbsent(
                    corpus.getKey(), name -> new CorpusTraining(name, corpus.getValue(), manifests.get(name), device));
        }
        return List.copyOf(trainings.values());
    }

    /** Commits a checkpoint, with the dead letters that have gathered. */
    void commit(CorpusTraining training, PreparedCheckpoint checkpoint, ConsumerGroupMetadata group) {
        List<ProducerRecord<byte[], byte[]>> deadLetters = tokens.takeDeadLetters();
        try {
            training.committed(transactions.commit(checkpoint, deadLetters, untrainedOffset(training), group));
        } catch (RuntimeException e) {
            tokens.returnDeadLetters(deadLetters);
            closeTransactions();
            throw e;
        }
        log.atInfo()
                .addKeyValue("corpus", training.corpus())
                .addKeyValue("checkpoint", training.committed().getSha256())
                .addKeyValue("step", training.committed().getStep())
                .addKeyValue("perplexity", training.committed().getPerplexity())
                .addKeyValue("bytes", checkpoint.file().length)
                .log("Checkpoint committed");
    }

    /** Commits dead letters that no checkpoint takes along. */
    void commitDeadLetters(ConsumerGroupMetadata group) {
        List<ProducerRecord<byte[], byte[]>> deadLetters = tokens.takeDeadLetters();
        try {
            transactions.commit(deadLetters, untrainedOffset(null), group);
        } catch (RuntimeException e) {
            tokens.returnDeadLetters(deadLetters);
            closeTransactions();
            throw e;
        }
        log.atWarn()
                .addKeyValue("partition", tokens.partition())
                .addKeyValue("records", deadLetters.size())
                .log("Token blocks that could not be read went to the dead letters");
    }

    @Override
    public void close() {
        trainings.values().forEach(CorpusTraining::close);
        trainings.clear();
        closeTransactions();
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
                    ? training.epochTokens()
                    : training.committed() == null || training.committed().getSource() == null
                            ? 0
                            : training.committed().getSource().getEndPosition();
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

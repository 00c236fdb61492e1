package io.inkstream.trainer.checkpoints;

import io.inkstream.platform.checkpoints.CheckpointChunks;
import io.inkstream.platform.checkpoints.SlotKey;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.deadletters.DeadLetter;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.trainer.deadletters.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The transactions of one partition: chunks, manifest, epochs, dead letters and consumed offsets are committed together
 * or not at all.
 *
 * <p>Whoever writes checkpoints or manifests does it here: the partition's owner, and for a moment a rollback or an import.
 *
 * <p>The transactional id belongs to the partition. Whoever opens it fences every earlier owner at once and rolls back
 * what that one left open, so nobody waits for a dead owner's transaction to time out. The consumer group's metadata is
 * sent along too: an instance that the group has already replaced cannot commit even before its successor has opened.
 *
 * <p>Used by one thread.
 */
public final class CheckpointTransactions implements AutoCloseable {

    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final int partition;
    private final TopicNames topics;
    private final String transactionalId;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Serializer<CheckpointManifest> manifests;
    private final Serializer<TrainingProgress> progress;

    /**
     * Takes the partition over: fences earlier owners and rolls back what they left open.
     *
     * @throws KafkaException if the broker cannot be reached
     */
    public CheckpointTransactions(Connection connection, TopicNames topics, int partition) {
        this.partition = partition;
        this.topics = topics;
        this.transactionalId = transactionalId(topics, partition);
        this.manifests = RecordSerdes.<CheckpointManifest>values(connection).serializer();
        this.progress = RecordSerdes.<TrainingProgress>values(connection).serializer();
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.LARGEST_BYTES);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Commits a checkpoint.
     *
     * @param checkpoint what to write
     * @param settlement dead letters and offsets
     * @param group the consumer group's metadata
     * @return the manifest as it was committed
     * @throws OwnershipLostException if another instance owns the partition
     * @throws KafkaException if it failed otherwise: whether it was committed shows in the models topic
     */
    public CheckpointManifest commit(
            PreparedCheckpoint checkpoint, Settlement settlement, ConsumerGroupMetadata group) {
        return inTransaction(settlement, group, () -> write(checkpoint));
    }

    /** Commits a checkpoint that was made of no tokens here; as {@link #commit}, but no offsets move. */
    public CheckpointManifest commit(PreparedCheckpoint checkpoint) {
        return guarded(() -> {
            producer.beginTransaction();
            CheckpointManifest manifest = write(checkpoint);
            producer.commitTransaction();
            return manifest;
        });
    }

    /**
     * Commits a manifest of a checkpoint whose chunks are there already; as {@link #commit}, but no offsets move.
     *
     * @param manifest names chunks that were committed before
     */
    public void commit(String corpus, CheckpointManifest manifest) {
        guarded(() -> {
            producer.beginTransaction();
            send(Topic.MODELS, corpus, manifests, manifest);
            producer.commitTransaction();
            return manifest;
        });
    }

    /** Commits dead letters alone; as {@link #commit}. */
    public void commit(Settlement settlement, ConsumerGroupMetadata group) {
        inTransaction(settlement, group, () -> settlement.deadLetters().size());
    }

    /**
     * Whether whoever owns the partition now is in the middle of a transaction. The brokers end one that takes too long, so
     * this does not last.
     *
     * @throws KafkaException if they do not answer
     */
    public static boolean underWay(Connection connection, TopicNames topics, int partition) {
        String id = transactionalId(topics, partition);
        try (Admin admin = Admin.create(connection.clientProperties())) {
            TransactionState state = admin.describeTransactions(List.of(id))
                    .description(id)
                    .get(QUESTION_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .state();
            return state == TransactionState.ONGOING;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "The brokers do not say whether a transaction of %s is under way".formatted(id), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return false; // nobody has used it for a week
            }
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_PATIENCE);
    }

    private static String transactionalId(TopicNames topics, int partition) {
        return topics.group("trainer") + "-" + partition;
    }

    /** Chunks, epochs, and the manifest as the newest of its corpus and as that of its slot. */
    private CheckpointManifest write(PreparedCheckpoint checkpoint) {
        List<Future<RecordMetadata>> chunks = CheckpointChunks.send(
                producer,
                topics,
                partition,
                checkpoint.corpus(),
                checkpoint.manifest().getSlot(),
                checkpoint.file());
        checkpoint.epochs().forEach(epoch -> send(Topic.PROGRESS, checkpoint.corpus(), progress, epoch));
        CheckpointManifest manifest = checkpoint
                .manifest()
                .setCheckpointPartition(partition)
                .setChunkOffsets(CheckpointChunks.offsets(chunks))
                .build();
        send(Topic.MODELS, checkpoint.corpus(), manifests, manifest);
        send(Topic.HISTORY, new SlotKey(checkpoint.corpus(), manifest.getSlot()).toString(), manifests, manifest);
        return manifest;
    }

    private <T> T inTransaction(Settlement settlement, ConsumerGroupMetadata group, Supplier<T> sends) {
        return guarded(() -> {
            producer.beginTransaction();
            T sent = sends.get();
            settlement.deadLetters().forEach(this::send);
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topics.of(Topic.TOKENS), partition), settlement.offset()), group);
            producer.commitTransaction();
            return sent;
        });
    }

    private <T> T guarded(Supplier<T> transaction) {
        try {
            return transaction.get();
        } catch (ProducerFencedException
                | InvalidProducerEpochException
                | FencedInstanceIdException
                | CommitFailedException e) {
            throw new OwnershipLostException(transactionalId, e);
        } catch (KafkaException e) {
            if (e.getCause() instanceof ProducerFencedException
                    || e.getCause() instanceof InvalidProducerEpochException) {
                throw new OwnershipLostException(transactionalId, e);
            }
            throw e;
        }
    }

    private <T extends SpecificRecord> void send(Topic topic, String key, Serializer<T> serializer, T value) {
        String name = topics.of(topic);
        send(new ProducerRecord<>(
                name, partition, key.getBytes(StandardCharsets.UTF_8), serializer.serialize(name, value)));
    }

    /** Sends; whether it arrived shows when the transaction is committed. */
    private void send(ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> unused = producer.send(record);
    }
}

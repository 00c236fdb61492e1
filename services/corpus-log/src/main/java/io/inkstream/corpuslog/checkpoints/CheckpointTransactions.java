package io.inkstream.corpuslog.checkpoints;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.deadletters.Settlement;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingProgress;
import java.io.IOException;
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
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger log = LoggerFactory.getLogger(CheckpointTransactions.class);
    private static final Duration DESCRIBE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final int partition;
    private final TopicNames topics;
    private final String transactionalId;
    private final TransactionTimeout timeout;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Serializer<CheckpointManifest> manifests;
    private final Serializer<TrainingProgress> progress;

    /**
     * Takes the partition over: fences earlier owners and rolls back what they left open.
     *
     * @throws KafkaException if the broker cannot be reached
     */
    public CheckpointTransactions(Connection connection, TopicNames topics, int partition) {
        this(connection, topics, partition, TransactionTimeout.configured(connection));
    }

    /**
     * The same for transactions that may take longer.
     *
     * @param wanted how long; where the broker does not allow that, they may take as long as it does
     */
    public CheckpointTransactions(Connection connection, TopicNames topics, int partition, TransactionTimeout wanted) {
        this.partition = partition;
        this.topics = topics;
        this.transactionalId = transactionalId(topics, partition);
        this.manifests = RecordSerdes.serializer(connection);
        this.progress = RecordSerdes.serializer(connection);
        TransactionTimeout allowed = wanted;
        KafkaProducer<byte[], byte[]> opened = null;
        while (opened == null) {
            try {
                opened = open(connection, allowed);
            } catch (KafkaException e) {
                if (!isTooLong(e) || allowed.millis() == 1) {
                    throw e;
                }
                log.atWarn()
                        .addKeyValue("partition", partition)
                        .addKeyValue("timeout", allowed)
                        .log("Transaction timeout reduced: the broker does not allow one that long"
                                + " (transaction.max.timeout.ms)");
                allowed = allowed.shorter();
            }
        }
        this.timeout = allowed;
        this.producer = opened;
    }

    private KafkaProducer<byte[], byte[]> open(Connection connection, TransactionTimeout allowed) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, allowed.millis());
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.LARGEST_BYTES);
        KafkaProducer<byte[], byte[]> opened =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            opened.initTransactions();
            return opened;
        } catch (RuntimeException e) {
            opened.close(Duration.ZERO);
            throw e;
        }
    }

    /** True when the broker rejects the timeout. Kafka's client has an exception for that, and passes on the error's text only. */
    private static boolean isTooLong(KafkaException e) {
        return e instanceof InvalidTxnTimeoutException
                || String.valueOf(e.getMessage()).contains(Errors.INVALID_TRANSACTION_TIMEOUT.message());
    }

    /** How long a transaction may take: as long as was wanted, or as the broker allows. */
    public TransactionTimeout timeout() {
        return timeout;
    }

    /**
     * Commits a checkpoint.
     *
     * @param checkpoint what to write
     * @param settlement dead letters and offsets
     * @param group the consumer group's metadata
     * @return the manifest as it was committed
     * @throws OwnershipLostException if another instance owns the partition
     * @throws TransactionTimedOutException if it took too long
     * @throws CheckpointRejectedException if the checkpoint is at fault; then nothing is committed, and {@link #abort} is due
     * @throws KafkaException if it failed otherwise: whether it was committed shows in the models topic
     */
    public CheckpointManifest commitCheckpoint(
            PreparedCheckpoint checkpoint, Settlement settlement, ConsumerGroupMetadata group) {
        return inTransaction(settlement, group, () -> write(checkpoint));
    }

    /** Commits a checkpoint that was made of no tokens here; as {@link #commitCheckpoint}, but no offsets move. */
    public CheckpointManifest commitCheckpoint(PreparedCheckpoint checkpoint) {
        return guarded(() -> {
            producer.beginTransaction();
            CheckpointManifest manifest = write(checkpoint);
            producer.commitTransaction();
            return manifest;
        });
    }

    /**
     * Commits a manifest of a checkpoint whose chunks are there already; as {@link #commitCheckpoint}, but no offsets move.
     *
     * @param manifest names chunks that were committed before
     */
    public void commitManifest(String corpus, CheckpointManifest manifest) {
        guarded(() -> {
            producer.beginTransaction();
            send(Topic.MODELS, corpus, manifests, manifest);
            producer.commitTransaction();
            return manifest;
        });
    }

    /** Commits dead letters and offsets alone; as {@link #commitCheckpoint}. */
    public void commitDeadLetters(Settlement settlement, ConsumerGroupMetadata group) {
        inTransaction(settlement, group, () -> settlement.deadLetters().size());
    }

    /**
     * True when whoever owns the partition now has an open transaction. The brokers end one that takes too long, so this does
     * not last.
     *
     * @throws KafkaException if the brokers are unavailable
     */
    public static boolean underWay(Connection connection, TopicNames topics, int partition) {
        String id = transactionalId(topics, partition);
        try (Admin admin = Admin.create(connection.clientProperties())) {
            TransactionState state = admin.describeTransactions(List.of(id))
                    .description(id)
                    .get(DESCRIBE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .state();
            return state == TransactionState.ONGOING;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "The brokers do not say whether a transaction of %s is open".formatted(id), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return false; // nobody has used it for a week
            }
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    /**
     * Rolls back what was sent of a checkpoint that was rejected.
     *
     * @throws OwnershipLostException if another instance owns the partition
     * @throws KafkaException if it failed otherwise
     */
    public void abort() {
        guarded(() -> {
            producer.abortTransaction();
            return partition;
        });
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    private static String transactionalId(TopicNames topics, int partition) {
        return topics.group("trainer") + "-" + partition;
    }

    /** Chunks, epochs, and the manifest as the newest of its corpus and as that of its slot. */
    private CheckpointManifest write(PreparedCheckpoint checkpoint) {
        SentChunks chunks = sendChunks(checkpoint);
        checkpoint.beforeCommit().accept(chunks.sha256());
        checkpoint.epochs().forEach(epoch -> send(Topic.PROGRESS, checkpoint.corpus(), progress, epoch));
        CheckpointManifest manifest = checkpoint.manifest().complete(chunks);
        send(Topic.MODELS, checkpoint.corpus(), manifests, manifest);
        send(Topic.HISTORY, new SlotKey(checkpoint.corpus(), manifest.getSlot()).toString(), manifests, manifest);
        return manifest;
    }

    private SentChunks sendChunks(PreparedCheckpoint checkpoint) {
        String corpus = checkpoint.corpus();
        try {
            int slot = checkpoint.manifest().slot();
            return CheckpointChunks.send(producer, topics, partition, corpus, slot, checkpoint.file());
        } catch (RecordTooLargeException e) {
            throw new CheckpointRejectedException(
                    "the chunks of its checkpoint are larger than topic %s takes (%s): raise max.message.bytes of the topic to 1 MB or more, and give the corpus a short name"
                            .formatted(topics.of(Topic.CHECKPOINTS), e.getMessage()),
                    e);
        } catch (KafkaException e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw new CheckpointRejectedException("its checkpoint cannot be written (%s)".formatted(e), e);
        }
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
        long start = System.nanoTime();
        try {
            return transaction.get();
        } catch (CommitFailedException e) {
            throw OwnershipLostException.generationOver(transactionalId, e);
        } catch (FencedInstanceIdException e) {
            throw OwnershipLostException.takenOver(transactionalId, e);
        } catch (KafkaException e) {
            if (isFenced(e) || isFenced(e.getCause())) {
                throw ended(start, e);
            }
            throw e;
        }
    }

    private static boolean isFenced(@Nullable Throwable problem) {
        return problem instanceof ProducerFencedException
                || problem instanceof InvalidProducerEpochException
                || problem instanceof InvalidTxnStateException;
    }

    /**
     * Why a transaction cannot continue. A broker that rolls one back for its age fences its producer just as another owner
     * does, so its age makes the difference.
     */
    private InkstreamException ended(long start, KafkaException problem) {
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        return timeout.isOver(taken)
                ? new TransactionTimedOutException(transactionalId, taken, timeout, problem)
                : OwnershipLostException.takenOver(transactionalId, problem);
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

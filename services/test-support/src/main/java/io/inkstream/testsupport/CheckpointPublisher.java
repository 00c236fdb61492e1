package io.inkstream.testsupport;

import io.inkstream.corpuslog.checkpoints.Branch;
import io.inkstream.corpuslog.checkpoints.ChunkKey;
import io.inkstream.corpuslog.checkpoints.SlotKey;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Vocabulary;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TokenizerKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;

/** Publishes checkpoints made by hand, in transactions, as a trainer does. */
public final class CheckpointPublisher implements AutoCloseable {

    private static final int CHUNK = 1000;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Connection connection;
    private final TopicNames topics;
    private final int partition;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, List<Long>> abandoned = new HashMap<>();
    private final Serde<CheckpointManifest> serde;

    public CheckpointPublisher(Connection connection, TopicNames topics) {
        this(connection, topics, 1);
    }

    /** A publisher whose chunks go to this partition. */
    public CheckpointPublisher(Connection connection, TopicNames topics, int partition) {
        this.connection = connection;
        this.topics = topics;
        this.partition = partition;
        this.serde = RecordSerdes.serde(connection, CheckpointManifest.class);
        Map<String, Object> properties = connection.clientProperties();
        properties.put("transactional.id", topics.prefix() + "-hand-" + COUNT.incrementAndGet());
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /** A model that continues each of these tokens with the next one, in a circle. */
    public static byte[] counting(int step, String... entries) {
        int size = entries.length + 1;
        TrainingSettings settings = new TrainingSettings(
                NetworkSettings.of(Cell.RNN_RELU, size),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 1, 1),
                new OptimizerSettings(OptimizerRule.SGD, 1, 1),
                1,
                1);
        ModelShape shape = settings.shape(size);
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        shape.parameterShapes().forEach((name, dimensions) -> parameters.put(name, Tensor.zeros(dimensions)));
        for (int id = 0; id < size; id++) {
            int next = id == entries.length ? 1 : id + 1;
            parameters.get("rnn.weight_ih_l0").values()[id * size + id] = 1;
            parameters.get("linear.weight").values()[next * size + id] = 1;
        }
        return new Checkpoint(
                        NetworkState.of(shape, parameters),
                        new Vocabulary(List.of(entries)),
                        Reading.DEFAULT,
                        settings,
                        new Cursor(step, 1, 1, 100, 0, 0, 1.5, Double.NaN, 100),
                        List.of(),
                        EngineKind.PYTORCH,
                        "cpu",
                        1)
                .write();
    }

    /** The chunks of a checkpoint file. */
    public static List<byte[]> chunks(byte[] file) {
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; from < file.length; from += CHUNK) {
            chunks.add(Arrays.copyOfRange(file, from, Math.min(file.length, from + CHUNK)));
        }
        return chunks;
    }

    /** A model of the letters a to z, with more chunks than a few. */
    public static byte[] alphabet(int step) {
        return counting(
                step,
                "abcdefghijklmnopqrstuvwxyz"
                        .chars()
                        .mapToObj(Character::toString)
                        .toArray(String[]::new));
    }

    /** Publishes and commits; returns the checkpoint's SHA-256. */
    public String publish(String corpus, int slot, byte[] checkpoint) throws Exception {
        return publish(corpus, slot, checkpoint, checkpoint, true);
    }

    /**
     * Publishes.
     *
     * @param checkpoint what the manifest promises
     * @param written what the chunks hold
     * @param commit false: the transaction is rolled back
     */
    public String publish(String corpus, int slot, byte[] checkpoint, byte[] written, boolean commit) throws Exception {
        begin();
        CheckpointManifest manifest = manifest(corpus, slot, checkpoint, send(corpus, slot, chunks(written)));
        if (commit) {
            commit();
        } else {
            abort();
        }
        return manifest.getSha256();
    }

    /** Publishes and commits a checkpoint whose chunks are not what the manifest promises. */
    public CheckpointManifest publish(String corpus, int slot, byte[] checkpoint, List<byte[]> written)
            throws Exception {
        begin();
        CheckpointManifest manifest = manifest(corpus, slot, checkpoint, send(corpus, slot, written));
        commit();
        return manifest;
    }

    public void begin() {
        producer.beginTransaction();
    }

    public void commit() {
        producer.commitTransaction();
        EndedTransactions.awaitMarkers(connection);
    }

    public void abort() {
        producer.abortTransaction();
        EndedTransactions.awaitMarkers(connection);
    }

    /** Sends chunks, null for a tombstone; returns their offsets. */
    public List<Long> send(String corpus, int slot, List<byte[]> chunks) throws Exception {
        List<Long> offsets = new ArrayList<>();
        for (byte[] chunk : chunks) {
            offsets.add(send(new ChunkKey(corpus, slot, offsets.size()), chunk));
        }
        return offsets;
    }

    /** Sends one chunk, null for a tombstone; returns its offset. */
    public long send(ChunkKey key, byte[] chunk) throws Exception {
        return producer.send(new ProducerRecord<>(topics.of(Topic.CHECKPOINTS), partition, key.bytes(), chunk))
                .get(30, TimeUnit.SECONDS)
                .offset();
    }

    /** Sends the manifest of a checkpoint, as the newest one and as that of its slot. */
    public CheckpointManifest manifest(String corpus, int slot, byte[] checkpoint, List<Long> offsets)
            throws Exception {
        CheckpointManifest manifest = new CheckpointManifest(
                Sha256.of(checkpoint),
                "",
                numbers.merge(corpus, 0L, (before, none) -> before + 1),
                null,
                null,
                null,
                abandoned.getOrDefault(corpus, List.of()),
                (long) checkpoint.length,
                slot,
                partition,
                offsets,
                7L,
                1,
                1.5,
                null,
                100L,
                false,
                5,
                new CorpusSpec(TokenizerKind.CHARACTERS, NormalizerKind.LETTERS, false, List.of(), null),
                "pytorch",
                "cpu",
                1,
                new SourceRange(0L, 100L, 0, 0L, 0L, 0, 0L, 0L),
                null,
                null,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        int home = partition(corpus, partitions());
        send(Topic.MODELS, home, key(corpus), manifest);
        send(Topic.HISTORY, home, new SlotKey(corpus, slot).bytes(), manifest);
        return manifest;
    }

    private void send(Topic topic, int home, byte[] key, CheckpointManifest manifest) throws Exception {
        String name = topics.of(topic);
        producer.send(new ProducerRecord<>(name, home, key, serde.serializer().serialize(name, manifest)))
                .get(30, TimeUnit.SECONDS);
    }

    /** Another corpus whose manifests lie in the same partition. */
    public String neighbour(String corpus) {
        int partitions = partitions();
        return IntStream.iterate(1, i -> i + 1)
                .mapToObj(i -> corpus + "-" + i)
                .filter(name -> partition(name, partitions) == partition(corpus, partitions))
                .findFirst()
                .orElseThrow();
    }

    private int partitions() {
        return producer.partitionsFor(topics.of(Topic.MODELS)).size();
    }

    private static int partition(String corpus, int partitions) {
        return BuiltInPartitioner.partitionForKey(key(corpus), partitions);
    }

    /** Makes an older checkpoint current again, as a rollback does. */
    public CheckpointManifest rollBack(String corpus, CheckpointManifest target, CheckpointManifest current)
            throws Exception {
        abandoned.put(corpus, Branch.abandonedByRollback(target, current));
        CheckpointManifest rollback = CheckpointManifest.newBuilder(target)
                .setNumber(numbers.merge(corpus, 0L, (before, none) -> before + 1))
                .setRolledBackFrom(current.getSha256())
                .setAbandoned(abandoned.get(corpus))
                .build();
        begin();
        send(Topic.MODELS, partition(corpus, partitions()), key(corpus), rollback);
        commit();
        return rollback;
    }

    /** Takes the model of a corpus away. */
    public void remove(String corpus) throws Exception {
        begin();
        producer.send(new ProducerRecord<>(topics.of(Topic.MODELS), key(corpus), null))
                .get(30, TimeUnit.SECONDS);
        commit();
    }

    /** Says in all partitions but its own that the model of a corpus is gone. */
    public void removeElsewhere(String corpus) throws Exception {
        begin();
        for (int partition = 0; partition < partitions(); partition++) {
            if (partition != partition(corpus, partitions())) {
                producer.send(new ProducerRecord<>(topics.of(Topic.MODELS), partition, key(corpus), null))
                        .get(30, TimeUnit.SECONDS);
            }
        }
        commit();
    }

    @Override
    public void close() {
        producer.close();
        serde.close();
    }

    private static byte[] key(String corpus) {
        return corpus.getBytes(StandardCharsets.UTF_8);
    }
}

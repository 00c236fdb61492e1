package io.inkstream.standalone.client;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.checkpoints.CheckpointChunks;
import io.inkstream.platform.checkpoints.CheckpointReader;
import io.inkstream.platform.checkpoints.CheckpointSlots;
import io.inkstream.platform.checkpoints.SlotKey;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.topics.CorpusPartition;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;

/** Publishes a model that was trained elsewhere, as a checkpoint that generators serve. */
public final class ModelPublication {

    private static final CheckpointSlots SLOTS = new CheckpointSlots(4, 0);

    private final Connection connection;
    private final TopicNames topics;
    private final Corpora corpora;

    /** Publications on these topics. */
    public ModelPublication(Connection connection, TopicNames topics) {
        this.connection = connection;
        this.topics = topics;
        this.corpora = new Corpora(connection, topics);
    }

    /**
     * Commits chunks and manifest in one transaction and reads them back. An earlier import of this name is replaced.
     *
     * @param corpus a name without text, training settings or a trained model
     * @param model what to serve
     * @param spec how its text was read; without training settings
     * @param origin where it came from
     * @return the manifest as it was committed
     * @throws InkstreamException if the name is taken, or it cannot be written
     */
    public CheckpointManifest publish(String corpus, Checkpoint model, CorpusSpec spec, String origin) {
        Optional<CheckpointManifest> before = corpora.newestCheckpoint(corpus);
        requireFree(corpus, before);
        corpora.publish(corpus, spec);
        byte[] file = model.write();
        CheckpointManifest.Builder manifest = CheckpointManifest.newBuilder()
                .setSha256(Checkpoint.sha256(file))
                .setWeightsSha256(model.weightsSha256())
                .setParent(before.map(CheckpointManifest::getSha256).orElse(null))
                .setBytes(file.length)
                .setNumber(CheckpointSlots.numberAfter(before.orElse(null)))
                .setSlot(SLOTS.slotAfter(before.orElse(null)))
                .setStep(0)
                .setEpoch(0)
                .setPerplexity(
                        Double.isFinite(model.cursor().perplexity())
                                ? model.cursor().perplexity()
                                : null)
                .setTokensTrained(0)
                .setFinished(true)
                .setVocabularySize(model.vocabulary().size())
                .setSpec(spec)
                .setDevice(model.device())
                .setThreads(model.threads())
                .setImported(origin)
                .setCreatedAt(Instant.now());
        CheckpointManifest committed = commit(corpus, manifest, file);
        new CheckpointReader(connection, topics).read(corpus, committed); // verifies size and SHA-256
        return committed;
    }

    private void requireFree(String corpus, Optional<CheckpointManifest> newest) {
        String taken = null;
        if (corpora.lastBlock(corpus).isPresent()) {
            taken = "text";
        } else if (corpora.spec(corpus).map(CorpusSpec::getTraining).isPresent()) {
            taken = "training settings";
        } else if (newest.filter(manifest -> manifest.getImported() == null).isPresent()) {
            taken = "a model that was trained here";
        }
        if (taken != null) {
            throw new InkstreamException(
                    "Corpus '%s' has %s, which an imported model would not go with: take another name with --corpus."
                            .formatted(corpus, taken));
        }
    }

    private CheckpointManifest commit(String corpus, CheckpointManifest.Builder manifest, byte[] file) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        byte[] key = corpus.getBytes(StandardCharsets.UTF_8);
        try (Serde<CheckpointManifest> serde = RecordSerdes.values(connection)) {
            int partition = partition(corpus, properties);
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.group("import") + "-" + partition);
            try (Producer<byte[], byte[]> producer =
                    new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.initTransactions(); // also ends what an import that was killed left open
                producer.beginTransaction();
                List<Future<RecordMetadata>> chunks =
                        CheckpointChunks.send(producer, topics, partition, corpus, manifest.getSlot(), file);
                CheckpointManifest whole = manifest.setCheckpointPartition(partition)
                        .setChunkOffsets(CheckpointChunks.offsets(chunks))
                        .build();
                byte[] slot = new SlotKey(corpus, whole.getSlot()).bytes();
                for (Map.Entry<Topic, byte[]> keyed :
                        Map.of(Topic.MODELS, key, Topic.HISTORY, slot).entrySet()) {
                    String topic = topics.of(keyed.getKey());
                    Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(
                            topic,
                            partition,
                            keyed.getValue(),
                            serde.serializer().serialize(topic, whole)));
                }
                producer.commitTransaction(); // fails if one of them did
                return whole;
            }
        } catch (KafkaException e) {
            throw new InkstreamException(
                    "The model of '%s' could not be published (%s): nothing of it is visible; try again."
                            .formatted(corpus, e.getMessage()),
                    e);
        }
    }

    private int partition(String corpus, Map<String, Object> properties) {
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return new CorpusPartition(
                            producer.partitionsFor(topics.of(Topic.MODELS)).size())
                    .of(corpus);
        }
    }
}

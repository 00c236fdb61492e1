package io.inkstream.client;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Closing;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingProgress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What the topics say about the corpora at this moment.
 *
 * @param connection how to reach them
 * @param topics their names
 */
public record Corpora(Connection connection, TopicNames topics) {

    /** The newest settings of a corpus; empty if none were published. */
    public Optional<CorpusSpec> spec(String corpus) {
        return Optional.ofNullable(scanLatest(Topic.CORPORA, CorpusSpec.class).get(corpus))
                .map(TopicScan.Entry::value);
    }

    /** The last block of tokens that ingest made of a corpus; empty if it has made none. */
    public Optional<TokenBlock> lastBlock(String corpus) {
        return Optional.ofNullable(scanLatestOf(Topic.TOKENS, Set.of(corpus), TokenBlock.class)
                        .get(corpus))
                .map(TopicScan.Entry::value);
    }

    /** The newest committed checkpoint of a corpus; empty before the first. */
    public Optional<CheckpointManifest> newestCheckpoint(String corpus) {
        return Optional.ofNullable(
                        scanLatest(Topic.MODELS, CheckpointManifest.class).get(corpus))
                .map(TopicScan.Entry::value);
    }

    /** All checkpoints of a corpus that the models topic still lists, oldest first. */
    public List<CheckpointManifest> checkpoints(String corpus) {
        try (TopicScan<CheckpointManifest> scan =
                new TopicScan<>(connection, topics.of(Topic.MODELS), CheckpointManifest.class)) {
            return scan.all().stream()
                    .filter(entry -> corpus.equals(entry.key()))
                    .map(TopicScan.Entry::value)
                    .toList();
        }
    }

    /** The state of every corpus, in alphabetical order. */
    public List<CorpusState> states() {
        Map<String, TopicScan.Entry<CorpusSpec>> specs = scanLatest(Topic.CORPORA, CorpusSpec.class);
        Map<String, TopicScan.Entry<CheckpointManifest>> models = scanLatest(Topic.MODELS, CheckpointManifest.class);
        Set<String> names = names(specs, models);
        Map<String, TopicScan.Entry<TokenBlock>> blocks = scanLatestOf(Topic.TOKENS, names, TokenBlock.class);
        Map<String, TopicScan.Entry<TrainingProgress>> progress =
                scanLatestOf(Topic.PROGRESS, names, TrainingProgress.class);
        return names.stream()
                .map(name -> new CorpusState(
                        name, value(specs, name), value(blocks, name), value(progress, name), value(models, name)))
                .toList();
    }

    /**
     * Publishes the settings of a corpus.
     *
     * @throws InkstreamException if the broker or the registry refuses them
     */
    public void publish(String corpus, CorpusSpec spec) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        String topic = topics.of(Topic.CORPORA);
        Serde<CorpusSpec> serde = RecordSerdes.serde(connection, CorpusSpec.class);
        Producer<String, CorpusSpec> producer =
                new KafkaProducer<>(properties, new StringSerializer(), serde.serializer());
        try {
            producer.send(new ProducerRecord<>(topic, corpus, spec)).get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new InkstreamException(
                    "The settings of corpus '%s' were not taken by topic %s: %s"
                            .formatted(corpus, topic, e.getCause().getMessage()),
                    e);
        } finally {
            Closing.quietly(() -> producer.close(Closing.PATIENCE));
        }
    }

    /** Corpora with settings or a checkpoint, and those lately seen at work: text may come without any settings. */
    private Set<String> names(
            Map<String, TopicScan.Entry<CorpusSpec>> specs, Map<String, TopicScan.Entry<CheckpointManifest>> models) {
        Set<String> names = new TreeSet<>(specs.keySet());
        names.addAll(models.keySet());
        names.addAll(lateKeys(Topic.TOKENS));
        names.addAll(lateKeys(Topic.PROGRESS));
        return names;
    }

    private Set<String> lateKeys(Topic topic) {
        try (TopicScan<SpecificRecord> scan = new TopicScan<>(connection, topics.of(topic), SpecificRecord.class)) {
            return scan.lateKeys();
        }
    }

    private <V extends SpecificRecord> Map<String, TopicScan.Entry<V>> scanLatest(Topic topic, Class<V> type) {
        try (TopicScan<V> scan = new TopicScan<>(connection, topics.of(topic), type)) {
            return scan.latest();
        }
    }

    private <V extends SpecificRecord> Map<String, TopicScan.Entry<V>> scanLatestOf(
            Topic topic, Collection<String> corpora, Class<V> type) {
        try (TopicScan<V> scan = new TopicScan<>(connection, topics.of(topic), type)) {
            return scan.latestOf(corpora);
        }
    }

    private static <V> V value(Map<String, TopicScan.Entry<V>> entries, String name) {
        TopicScan.Entry<V> entry = entries.get(name);
        return entry == null ? null : entry.value();
    }
}

package io.inkstream.generator.models;

import io.inkstream.corpuslog.topics.HomeRecords;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.CommittedReads;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.RegistryContact;
import io.inkstream.schemas.CheckpointManifest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the catalogue up to date with the topics {@code models} and {@code corpora}: reads all partitions of both from the
 * beginning, committed records only, and then follows them. Records outside the partition of their corpus are ignored.
 */
public final class ModelFollower implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ModelFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Connection connection;
    private final String modelsTopic;
    private final String corporaTopic;
    private final String clientId;
    private final ModelCatalogue catalogue;
    private final Consumer<String> changed;
    private final MeterRegistry meters;
    private final KafkaContact kafka;
    private final RegistryContact registry;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private Map<String, HomeRecords> home = Map.of();
    private volatile boolean closing;

    /**
     * A reader of both topics.
     *
     * @param changed receives the corpus after the catalogue's entry for its model has changed
     * @param kafka watches the consumer
     * @param registry records whether the registry answers
     */
    public ModelFollower(
            Connection connection,
            TopicNames topics,
            ModelCatalogue catalogue,
            Consumer<String> changed,
            MeterRegistry meters,
            KafkaContact kafka,
            RegistryContact registry) {
        this.connection = connection;
        this.modelsTopic = topics.of(Topic.MODELS);
        this.corporaTopic = topics.of(Topic.CORPORA);
        this.clientId = topics.group("generator") + "-models";
        this.catalogue = catalogue;
        this.changed = changed;
        this.meters = meters;
        this.kafka = kafka;
        this.registry = registry;
    }

    /** Opens when everything that was committed at the start has been read. */
    public CountDownLatch caughtUp() {
        return caughtUp;
    }

    /** Makes {@link #run} return soon. */
    public void stop() {
        closing = true;
    }

    @Override
    public void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties());
                KafkaClientMetrics metrics = new KafkaClientMetrics(consumer);
                Deserializer<CheckpointManifest> manifests =
                        RecordSerdes.deserializer(connection, CheckpointManifest.class, registry)) {
            metrics.bindTo(meters);
            kafka.watch(consumer::metrics);
            Map<TopicPartition, Long> ends = begin(consumer);
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    accept(record, manifests);
                }
                if (caughtUp.getCount() > 0
                        && ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                    log.atInfo().addKeyValue("corpora", catalogue.trained()).log("List of models read");
                    caughtUp.countDown();
                }
            }
        }
    }

    /** Seeks to the beginning of every partition; returns their current ends, or none when it is stopped. */
    private Map<TopicPartition, Long> begin(KafkaConsumer<byte[], byte[]> consumer) {
        while (!closing) {
            try {
                List<TopicPartition> partitions = Stream.of(modelsTopic, corporaTopic)
                        .flatMap(topic -> consumer.partitionsFor(topic, WAIT).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
                home = partitions.stream()
                        .collect(Collectors.groupingBy(
                                TopicPartition::topic,
                                Collectors.collectingAndThen(
                                        Collectors.toList(), some -> HomeRecords.byCorpus(some.size()))));
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                return consumer.endOffsets(partitions, WAIT);
            } catch (TimeoutException e) {
                log.atWarn().addKeyValue("error", e.getMessage()).log("Retrying: Kafka is unavailable");
            }
        }
        return Map.of();
    }

    private void accept(ConsumerRecord<byte[], byte[]> record, Deserializer<CheckpointManifest> manifests) {
        if (record.key() == null) {
            skip(record, "it has no key");
            return;
        }
        HomeRecords filter = home.get(record.topic());
        if (filter == null || !filter.accepts(record)) {
            return;
        }
        String corpus = new String(record.key(), StandardCharsets.UTF_8);
        if (record.topic().equals(corporaTopic)) {
            catalogue.described(corpus, record.value() != null);
        } else if (record.value() == null) {
            catalogue.remove(corpus);
            changed.accept(corpus);
        } else {
            acceptManifest(corpus, record, manifests);
        }
    }

    private void acceptManifest(
            String corpus, ConsumerRecord<byte[], byte[]> record, Deserializer<CheckpointManifest> manifests) {
        while (!closing) {
            try {
                catalogue.put(corpus, manifests.deserialize(record.topic(), record.value()));
                changed.accept(corpus);
                return;
            } catch (SerializationException e) {
                skip(record, e.toString());
                return;
            } catch (RetriableException e) {
                // The registry is unavailable, and the serde has waited for it: the manifest is not to blame, so retry.
                log.atWarn().addKeyValue("error", e.getMessage()).log("Retrying: manifest could not be read");
            }
        }
    }

    private void skip(ConsumerRecord<byte[], byte[]> record, String reason) {
        log.atError()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("error", reason)
                .log("Skipping a record that is not a manifest; the corpus keeps its previous one");
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = CommittedReads.properties(connection);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return properties;
    }
}

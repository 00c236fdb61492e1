package io.inkstream.systemtests.workload;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.processes.ProcessFleet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * What users do meanwhile: they produce text, say how it is to be trained, and ask for completions. Everything is sent
 * once, idempotently and with acks=all, and waits as long as the broker is away, in a thread of its own. Used by one
 * thread.
 */
public final class Workload implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 600_000;

    private final TopicNames topics;
    private final Serializer<SpecificRecord> serializer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(task -> new Thread(task, "workload"));
    private final List<CorpusText> texts = new ArrayList<>();
    private final Map<String, PrefixRequest> requests = new LinkedHashMap<>();
    private final List<BadRecord> badRecords = new ArrayList<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /** A workload on these topics, which exist. */
    public Workload(Connection connection, TopicNames topics) {
        this.topics = topics;
        this.serializer = RecordSerdes.serializer(connection);
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "workload");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TIMEOUT_MILLIS);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        // The registry is asked now, and need not be there later.
        byte[] unused = serializer.serialize(
                topics.of(Topic.PREFIXES),
                PrefixRequest.newBuilder().setCorpus("").setPrefix("").build());
    }

    /** Publishes how a corpus is read and trained, before its first text. */
    public CorpusText begin(String corpus, Reading reading, TrainingSpec training) {
        CorpusText text = new CorpusText(corpus, reading);
        texts.add(text);
        publish(text, training);
        return text;
    }

    /** Publishes how a corpus is trained from now on; null: no more. */
    public void publish(CorpusText text, TrainingSpec training) {
        Reading reading = text.reading();
        send(
                Topic.CORPORA,
                text.corpus(),
                CorpusSpec.newBuilder()
                        .setTokenizer(TokenizerKind.valueOf(reading.tokenizer().name()))
                        .setNormalizer(
                                NormalizerKind.valueOf(reading.normalizer().name()))
                        .setTraining(training)
                        .build());
    }

    /** Produces a piece of text. */
    public void append(CorpusText text, String piece) {
        text.append(piece);
        send(Topic.TEXT, text.corpus(), piece.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Produces a piece of text in the partition that a client outside the JVM would choose for the corpus: by CRC32 of the key, or
     * the one after that where it is the right one. All text of a corpus goes the same way, or its order would be up to chance.
     */
    public void appendElsewhere(CorpusText text, String piece) {
        text.append(piece);
        byte[] key = text.corpus().getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(key);
        int partitions = ProcessFleet.PARTITIONS;
        int foreign = Math.toIntExact(crc.getValue() % partitions);
        int home = new CorpusPartition(partitions).of(text.corpus());
        send(new ProducerRecord<>(
                topics.of(Topic.TEXT),
                foreign == home ? (foreign + 1) % partitions : foreign,
                key,
                piece.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends a record that no service can read. */
    public void spoil(BadRecord.Kind kind, CorpusText text) {
        BadRecord bad = new BadRecord(kind, badRecords.size());
        badRecords.add(bad);
        send(new ProducerRecord<>(
                topics.of(kind.topic()),
                kind.keyed() ? text.corpus().getBytes(StandardCharsets.UTF_8) : null,
                bad.value()));
    }

    /** Writes the tokens of a piece of text as one block, for tests without ingest. */
    public void appendTokens(CorpusText text, String piece) {
        int position = text.size();
        int known = text.entries().size();
        text.append(piece);
        Reading reading = text.reading();
        send(
                Topic.TOKENS,
                text.corpus(),
                TokenBlock.newBuilder()
                        .setFirstPosition(position)
                        .setFirstNewId(known + 1)
                        .setNewEntries(
                                text.entries().subList(known, text.entries().size()))
                        .setTokens(text.ids().subList(position, text.size()))
                        .setTokenizer(TokenizerKind.valueOf(reading.tokenizer().name()))
                        .setNormalizer(
                                NormalizerKind.valueOf(reading.normalizer().name()))
                        .setTextPartition(0)
                        .setTextOffset(text.pieces() - 1)
                        .build());
    }

    /** Asks for a completion under a request id that was not used before. */
    public void ask(PrefixRequest request) {
        String id = "request-" + requests.size();
        requests.put(id, request);
        send(Topic.PREFIXES, id, request);
    }

    /** All corpora. */
    public List<CorpusText> texts() {
        return List.copyOf(texts);
    }

    /** The records that no service can read. */
    public List<BadRecord> badRecords() {
        return List.copyOf(badRecords);
    }

    /** All requests, by their id. */
    public Map<String, PrefixRequest> requests() {
        return Map.copyOf(requests);
    }

    /**
     * Waits until the broker has everything.
     *
     * @throws IllegalStateException if it rejected something
     */
    public void flush() {
        try {
            sender.submit(producer::flush).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (failure.get() != null) {
            throw new IllegalStateException("The broker did not take what was produced", failure.get());
        }
    }

    @Override
    public void close() {
        sender.shutdownNow();
        producer.close(Duration.ofSeconds(5));
    }

    private void send(Topic topic, String key, SpecificRecord value) {
        send(topic, key, serializer.serialize(topics.of(topic), value));
    }

    /** The producer itself waits in its send when it has lost sight of all brokers. */
    private void send(Topic topic, String key, byte[] value) {
        send(new ProducerRecord<>(topics.of(topic), key.getBytes(StandardCharsets.UTF_8), value));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        sender.execute(() -> {
            Future<RecordMetadata> unused = producer.send(record, (metadata, problem) -> {
                if (problem != null) {
                    failure.compareAndSet(null, problem);
                }
            });
        });
    }
}

package io.inkstream.ingest;

import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.awaitility.Awaitility;

/** What tests of ingest on a real broker produce and read, under a topic prefix of their own. */
final class IngestFixture implements AutoCloseable {

    static final int PARTITIONS = 4;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    final Connection connection;
    final TopicNames topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final Serde<CorpusSpec> specs;
    private final Serde<TokenBlock> blocks;

    IngestFixture(Connection connection, String prefix) {
        this.connection = connection;
        this.topics = new TopicNames(prefix);
        TopicProvisioner.ensure(
                connection, topics, PARTITIONS, Set.of(Topic.TEXT, Topic.CORPORA, Topic.TOKENS, Topic.DEAD_LETTERS));
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        connection.bootstrapServers(),
                        "linger.ms",
                        "5",
                        "max.request.size",
                        "2000000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        specs = RecordSerdes.serde(connection, CorpusSpec.class);
        blocks = RecordSerdes.serde(connection, TokenBlock.class);
    }

    IngestService start() {
        return start(new SimpleMeterRegistry());
    }

    /** Starts ingest with these meters. */
    IngestService start(MeterRegistry meters) {
        IngestService service = new IngestService(connection, topics, new IngestSettings(PARTITIONS, 2), meters);
        service.start();
        return service;
    }

    void text(String corpus, byte[] value) {
        text(corpus, null, value);
    }

    /** Produces text to a partition; null: the default partitioner's choice. */
    void text(String corpus, Integer partition, byte[] value) {
        sent.add(producer.send(new ProducerRecord<>(topics.of(Topic.TEXT), partition, bytes(corpus), value)));
    }

    /** Produces text without a key to a partition; its corpus is in the header. */
    void textWithHeader(String corpus, int partition, byte[] value) {
        List<Header> headers = List.of(new RecordHeader(RequestHeaders.CORPUS, bytes(corpus)));
        sent.add(producer.send(new ProducerRecord<>(topics.of(Topic.TEXT), partition, null, null, value, headers)));
    }

    /** Produces a record that is compressed, so that it may be larger than its topic accepts. */
    void compressed(String compression, Topic topic, String corpus, int partition, byte[] value)
            throws ExecutionException, InterruptedException {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("compression.type", compression);
        properties.put("max.request.size", 100_000_000);
        properties.put("buffer.memory", 100_000_000L);
        try (KafkaProducer<byte[], byte[]> compressing =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            compressing
                    .send(new ProducerRecord<>(topics.of(topic), partition, bytes(corpus), value))
                    .get();
        }
    }

    /** Produces records of one character in one transaction. */
    void transaction(String corpus, int records, boolean commit) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("transactional.id", topics.prefix() + "-text");
        try (KafkaProducer<byte[], byte[]> transactional =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            for (int i = 0; i < records; i++) {
                sent.add(transactional.send(new ProducerRecord<>(topics.of(Topic.TEXT), bytes(corpus), bytes("a"))));
            }
            transactional.flush();
            if (commit) {
                transactional.commitTransaction();
            } else {
                transactional.abortTransaction();
            }
        }
    }

    /** Produces a spec, and returns when it is acknowledged. */
    void spec(String corpus, TokenizerKind tokenizer, NormalizerKind normalizer)
            throws ExecutionException, InterruptedException {
        spec(
                corpus,
                CorpusSpec.newBuilder()
                        .setTokenizer(tokenizer)
                        .setNormalizer(normalizer)
                        .build());
    }

    void spec(String corpus, CorpusSpec spec) throws ExecutionException, InterruptedException {
        spec(corpus, specs.serializer().serialize(topics.of(Topic.CORPORA), spec));
    }

    void spec(String corpus, byte[] value) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topics.of(Topic.CORPORA), bytes(corpus), value))
                .get();
    }

    /** Returns when all text is acknowledged. */
    void flush() throws ExecutionException, InterruptedException {
        for (Future<RecordMetadata> acknowledgement : sent) {
            acknowledgement.get();
        }
        sent.clear();
    }

    /** Reads committed token blocks of a corpus from the start until it has this number of tokens. */
    List<TokenBlock> awaitTokens(String corpus, long tokens) {
        List<TokenBlock> all = new ArrayList<>();
        long[] seen = new long[1];
        await(
                topics.of(Topic.TOKENS),
                blocks.deserializer(),
                record -> {
                    if (corpus(record).equals(corpus)) {
                        all.add(record.value());
                        seen[0] += record.value().getTokens().size();
                    }
                },
                () -> seen[0] >= tokens);
        return all;
    }

    /** Reads committed token blocks of all corpora from the start until there is this number of corpora. */
    Map<String, List<TokenBlock>> awaitCorpora(int count) {
        Map<String, List<TokenBlock>> all = new HashMap<>();
        await(
                topics.of(Topic.TOKENS),
                blocks.deserializer(),
                record -> all.computeIfAbsent(corpus(record), name -> new ArrayList<>())
                        .add(record.value()),
                () -> all.size() >= count);
        return all;
    }

    /** Reads committed dead letters from the start until there is this number. */
    List<ConsumerRecord<byte[], byte[]>> awaitDeadLetters(int count) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        await(topics.of(Topic.DEAD_LETTERS), new ByteArrayDeserializer(), all::add, () -> all.size() >= count);
        return all;
    }

    /** The number of tokens that are committed now. */
    long committedTokens() {
        String topic = topics.of(Topic.TOKENS);
        long tokens = 0;
        try (KafkaConsumer<byte[], TokenBlock> consumer = consumer(blocks.deserializer())) {
            fromTheStart(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], TokenBlock> record : consumer.poll(Duration.ofMillis(100))) {
                    tokens += record.value().getTokens().size();
                }
            }
        }
        return tokens;
    }

    private <V> void await(
            String topic, Deserializer<V> values, Consumer<ConsumerRecord<byte[], V>> each, BooleanSupplier enough) {
        try (KafkaConsumer<byte[], V> consumer = consumer(values)) {
            fromTheStart(consumer, topic);
            Awaitility.await(topic)
                    .atMost(TIMEOUT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(each);
                        return enough.getAsBoolean();
                    });
        }
    }

    private static String corpus(ConsumerRecord<byte[], ?> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    /** The text of token blocks; fails on a gap in positions or ids. */
    static String read(List<TokenBlock> blocks) {
        List<String> entries = new ArrayList<>(List.of("<unk>"));
        StringBuilder text = new StringBuilder();
        long position = 0;
        for (TokenBlock block : blocks) {
            if (block.getFirstPosition() != position || block.getFirstNewId() != entries.size()) {
                throw new AssertionError(
                        "A block at position %d with first new id %d came after %d tokens and %d entries"
                                .formatted(block.getFirstPosition(), block.getFirstNewId(), position, entries.size()));
            }
            entries.addAll(block.getNewEntries());
            block.getTokens().forEach(id -> text.append(entries.get(id)));
            position += block.getTokens().size();
        }
        return text.toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <V> KafkaConsumer<byte[], V> consumer(Deserializer<V> values) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        connection.bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                values);
    }

    private static void fromTheStart(KafkaConsumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    @Override
    public void close() {
        producer.close();
        specs.close();
        // The deserializer of the blocks is closed with each consumer.
        blocks.serializer().close();
    }

    /** Lines of made-up words, in which new characters keep appearing. */
    static List<String> lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "line %d %c %c%n".formatted(i, 0x4E00 + i % 3_000, 'a' + i % 26))
                .toList();
    }
}

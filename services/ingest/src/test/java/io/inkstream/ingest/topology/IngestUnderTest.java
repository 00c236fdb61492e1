package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.ingest.metrics.IngestMeters;
import io.inkstream.ingest.state.CorpusState;
import io.inkstream.ingest.state.CorpusStores;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The topology in a test driver, with methods for what a user does and sees. */
final class IngestUnderTest implements AutoCloseable {

    static final Instant WHEN = Instant.parse("1895-05-07T00:00:00Z").plusSeconds(3_000_000_000L);

    private static final TopicNames TOPICS = Wirings.TOPICS;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final TopologyTestDriver driver;
    private final Serde<CorpusSpec> specs = AvroBytes.serde(CorpusSpec.class);
    private final TestInputTopic<byte[], byte[]> text;
    private final TestInputTopic<byte[], byte[]> corpora;
    private final TestOutputTopic<String, TokenBlock> tokens;
    private final TestOutputTopic<byte[], byte[]> deadLetters;

    IngestUnderTest() {
        IngestMeters ingestMeters = new IngestMeters(meters);
        Serde<TokenBlock> blocks = AvroBytes.serde(TokenBlock.class);
        Properties properties = new Properties();
        properties.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "inkstream-ingest",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "nowhere:9092"));
        driver = new TopologyTestDriver(IngestTopology.of(Wirings.of(1, ingestMeters), specs, blocks), properties);
        ByteArraySerializer asItIs = new ByteArraySerializer();
        text = driver.createInputTopic(TOPICS.of(Topic.TEXT), asItIs, asItIs);
        corpora = driver.createInputTopic(TOPICS.of(Topic.CORPORA), asItIs, asItIs);
        tokens = driver.createOutputTopic(TOPICS.of(Topic.TOKENS), new StringDeserializer(), blocks.deserializer());
        deadLetters = driver.createOutputTopic(
                TOPICS.of(Topic.DEAD_LETTERS), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    IngestUnderTest text(String corpus, String value) {
        return text(bytes(corpus), bytes(value));
    }

    IngestUnderTest text(byte[] key, byte[] value) {
        text.pipeInput(key, value, WHEN);
        return this;
    }

    IngestUnderTest text(TestRecord<byte[], byte[]> record) {
        text.pipeInput(record);
        return this;
    }

    IngestUnderTest spec(String corpus, TokenizerKind tokenizer, NormalizerKind normalizer) {
        return spec(bytes(corpus), specBytes(tokenizer, normalizer));
    }

    IngestUnderTest spec(String corpus, Reading reading) {
        CorpusSpec spec = CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.valueOf(reading.tokenizer().name()))
                .setNormalizer(NormalizerKind.valueOf(reading.normalizer().name()))
                .setNfc(reading.nfc())
                .setReservedTokens(reading.reservedTokens())
                .build();
        return spec(bytes(corpus), specBytes(spec));
    }

    IngestUnderTest spec(byte[] key, byte[] value) {
        corpora.pipeInput(key, value, WHEN);
        return this;
    }

    byte[] specBytes(TokenizerKind tokenizer, NormalizerKind normalizer) {
        return specBytes(CorpusSpec.newBuilder()
                .setTokenizer(tokenizer)
                .setNormalizer(normalizer)
                .build());
    }

    byte[] specBytes(CorpusSpec spec) {
        return specs.serializer().serialize("", spec);
    }

    List<TestRecord<String, TokenBlock>> blockRecords() {
        return tokens.readRecordsToList();
    }

    List<TokenBlock> blocks() {
        return blockRecords().stream().map(TestRecord::value).toList();
    }

    List<TokenBlock> blocksOf(String corpus) {
        return blockRecords().stream()
                .filter(record -> corpus.equals(record.key()))
                .map(TestRecord::value)
                .toList();
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return deadLetters.readRecordsToList();
    }

    TestRecord<byte[], byte[]> onlyDeadLetter() {
        List<TestRecord<byte[], byte[]>> all = deadLetters();
        if (all.size() != 1) {
            throw new AssertionError("There are %d dead letters".formatted(all.size()));
        }
        return all.get(0);
    }

    double counted(String meter, String... tags) {
        return meters.get("inkstream.ingest." + meter).tags(tags).counter().count();
    }

    /** The state of a corpus in the store. */
    CorpusState state(String corpus) {
        return driver.<String, CorpusState>getKeyValueStore(CorpusStores.STATES).get(corpus);
    }

    /** A vocabulary entry in the store. */
    String stored(String corpus, int id) {
        return driver.<String, String>getKeyValueStore(CorpusStores.ENTRIES).get(corpus + '\0' + id);
    }

    /** The text of token blocks; checks that positions and ids have no gap. */
    static List<String> read(List<TokenBlock> blocks) {
        List<String> entries = new ArrayList<>(List.of("<unk>"));
        List<String> tokens = new ArrayList<>();
        for (TokenBlock block : blocks) {
            if (block.getFirstPosition() != tokens.size() || block.getFirstNewId() != entries.size()) {
                throw new AssertionError(
                        "A block at position %d with first new id %d came after %d tokens and %d entries"
                                .formatted(
                                        block.getFirstPosition(),
                                        block.getFirstNewId(),
                                        tokens.size(),
                                        entries.size()));
            }
            entries.addAll(block.getNewEntries());
            block.getTokens().forEach(id -> tokens.add(entries.get(id)));
        }
        return tokens;
    }

    static String header(TestRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
    }
}

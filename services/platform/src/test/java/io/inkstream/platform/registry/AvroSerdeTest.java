package io.inkstream.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.generic.PrimitivesArrays.IntArray;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AvroSerdeTest {

    private static final String TOPIC = "inkstream.tokens";

    private final StubRegistry registry = new StubRegistry();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void writesConfluentsWireFormat() throws Exception {
        // Given: another schema has id 1
        registry.add("other-value", "\"string\"");
        TokenBlock block = Samples.block(List.of("a", "é"), List.of(1, 2, 1, -1, 300));
        ByteArrayOutputStream avro = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(avro, null);
        new SpecificDatumWriter<>(TokenBlock.class).write(block, encoder);
        encoder.flush();

        // When
        byte[] bytes = serde().serializer().serialize(TOPIC, block);

        // Then
        assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0, 0, 0, 0, 2);
        assertThat(Arrays.copyOfRange(bytes, 5, bytes.length)).isEqualTo(avro.toByteArray());
        assertThat(registry.requests()).containsExactly("POST /subjects/inkstream.tokens-value/versions");
    }

    @Test
    void writesIdsBigEndian() {
        // Given
        registry.answerNext(200, "{\"id\":19088743}");

        // When
        byte[] bytes = serde().serializer().serialize(TOPIC, Samples.block(List.of(), List.of()));

        // Then
        assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0x00, 0x01, 0x23, 0x45, 0x67);
        assertThat(WireFormat.id(new byte[] {9, 0, 0x01, (byte) 0xA3, 0x45, (byte) 0xFF}, 1))
                .isEqualTo(0x01A345FF);
    }

    @Test
    void readsWhatItWroteWithoutAnObjectForEachToken() {
        // Given
        Serde<TokenBlock> serde = serde();
        List<Integer> tokens = IntStream.range(0, 32_768).boxed().toList();
        TokenBlock block = Samples.block(List.of("t", "h", "e"), tokens);

        // When
        TokenBlock read =
                serde.deserializer().deserialize(TOPIC, serde.serializer().serialize(TOPIC, block));

        // Then
        assertThat(read).isEqualTo(block);
        assertThat(read.getTokens()).isInstanceOf(IntArray.class).hasSize(32_768);
        // And what was read can be written again
        assertThat(serde.serializer().serialize(TOPIC, read))
                .isEqualTo(serde.serializer().serialize(TOPIC, block));
    }

    @Test
    void readsFromTheMiddleOfABuffer() {
        // Given
        Serde<TokenBlock> serde = serde();
        TokenBlock block = Samples.block(List.of("x"), List.of(1, 1, 1));
        byte[] bytes = serde.serializer().serialize(TOPIC, block);
        ByteBuffer batch = ByteBuffer.allocate(bytes.length + 20);
        batch.position(13).put(bytes).flip().position(13);

        // When
        TokenBlock read = serde.deserializer().deserialize(TOPIC, new RecordHeaders(), batch.slice());

        // Then
        assertThat(read).isEqualTo(block);
    }

    @Test
    void keepsNestedRecordsTimestampsAndDefaults() {
        // Given
        Serde<CheckpointManifest> serde = serde();
        TrainingSpec training = TrainingSpec.newBuilder()
                .setCell(CellKind.GRU)
                .setOutput(OutputKind.HIDDEN)
                .setInitialization(InitializationKind.KERAS)
                .setSampling(SamplingKind.RANDOM)
                .setOptimizer(OptimizerKind.ADAM)
                .build();
        CheckpointManifest manifest = CheckpointManifest.newBuilder()
                .setSha256("ab")
                .setWeightsSha256("cd")
                .setBytes(5)
                .setSlot(1)
                .setCheckpointPartition(0)
                .setChunkOffsets(List.of(3L, 4L, Long.MAX_VALUE))
                .setStep(10)
                .setEpoch(2)
                .setPerplexity(1.5)
                .setTokensTrained(100)
                .setFinished(false)
                .setVocabularySize(28)
                .setSpec(new CorpusSpec(TokenizerKind.BYTES, NormalizerKind.VERBATIM, true, List.of("<eos>"), training))
                .setDevice("cpu")
                .setThreads(4)
                .setSource(new SourceRange(0L, 10L, 0, 0L, 1L, 0, 0L, 5L))
                .setCreatedAt(Instant.ofEpochMilli(1_700_000_000_123L))
                .build();

        // When
        CheckpointManifest read =
                serde.deserializer().deserialize("models", serde.serializer().serialize("models", manifest));

        // Then
        assertThat(read).isEqualTo(manifest);
        assertThat(read.getSpec().getTraining().getHidden()).isEqualTo(256);
    }

    @Test
    void nullStaysNull() {
        assertThat(serde().serializer().serialize(TOPIC, null)).isNull();
        assertThat(serde().deserializer().deserialize(TOPIC, (byte[]) null)).isNull();
        assertThat(serde().deserializer().deserialize(TOPIC, new RecordHeaders(), (ByteBuffer) null))
                .isNull();
    }

    @Test
    void asksTheRegistryOncePerSchemaAndTopic() {
        // Given
        Serde<TokenBlock> serde = serde();
        byte[] bytes = serde.serializer().serialize(TOPIC, Samples.block(List.of(), List.of(1)));

        // When
        for (int i = 0; i < 3; i++) {
            serde.serializer().serialize(TOPIC, Samples.block(List.of(), List.of(i)));
            serde.deserializer().deserialize(TOPIC, bytes);
        }

        // Then
        assertThat(registry.requests())
                .containsExactly("POST /subjects/inkstream.tokens-value/versions", "GET /schemas/ids/1");
    }

    @Test
    void usesASubjectOfItsOwnForKeys() {
        // Given
        AvroSerializer<TokenBlock> serializer = new AvroSerializer<>();
        serializer.configure(properties(), true);

        // When
        serializer.serialize(TOPIC, Samples.block(List.of(), List.of()));

        // Then
        assertThat(registry.requests()).containsExactly("POST /subjects/inkstream.tokens-key/versions");
    }

    @Test
    void fillsAFieldThatAnOldRecordLacksWithItsDefault() throws Exception {
        // Given: a prefix request from before stop strings
        Schema old = without(PrefixRequest.getClassSchema(), "stop");
        GenericRecord request = new GenericRecordBuilder(old)
                .set("corpus", "wells")
                .set("prefix", "time traveller")
                .set("maxTokens", 9)
                .set("temperature", 0.5)
                .set("topK", 3)
                .set("topP", 0.9)
                .set("seed", 7L)
                .build();

        // When
        PrefixRequest read =
                this.<PrefixRequest>serde().deserializer().deserialize("prefixes", framed("prefixes", old, request));

        // Then
        assertThat(read.getStop()).isEmpty();
        assertThat(read.getPrefix()).isEqualTo("time traveller");
        assertThat(read.getSeed()).isEqualTo(7L);
    }

    @Test
    void readsTokensOfAnotherSchemaVersion() throws Exception {
        // Given: blocks that carry a field which this program does not know
        Schema newer = new Schema.Parser()
                .parse(TokenBlock.getClassSchema()
                        .toString()
                        .replace(
                                "\"fields\":[{\"name\":\"firstPosition\"",
                                "\"fields\":[{\"name\":\"language\",\"type\":\"string\"},{\"name\":\"firstPosition\""));
        GenericRecord block = new GenericData.Record(newer);
        block.put("language", "en");
        block.put("firstPosition", 3L);
        block.put("firstNewId", 1);
        block.put("newEntries", List.of("q"));
        block.put("tokens", List.of(1, 1, 70_000));
        block.put(
                "tokenizer",
                new GenericData.EnumSymbol(newer.getField("tokenizer").schema(), "WORDS"));
        block.put(
                "normalizer",
                new GenericData.EnumSymbol(newer.getField("normalizer").schema(), "LETTERS"));
        block.put("nfc", false);
        block.put("reservedTokens", List.of());
        block.put("textPartition", 0);
        block.put("textOffset", 1L);

        // When
        TokenBlock read = this.<TokenBlock>serde().deserializer().deserialize(TOPIC, framed(TOPIC, newer, block));

        // Then
        assertThat(read.getTokens()).isInstanceOf(IntArray.class).containsExactly(1, 1, 70_000);
        assertThat(read.getTextOffset()).isEqualTo(1L);
    }

    @Test
    void readsTokensFromBeforeThereWereNfcAndReservedTokens() throws Exception {
        // Given
        Schema old = without(without(TokenBlock.getClassSchema(), "nfc"), "reservedTokens");
        GenericRecord block = new GenericRecordBuilder(old)
                .set("firstPosition", 0L)
                .set("firstNewId", 1)
                .set("newEntries", List.of("a"))
                .set("tokens", List.of(1, 1))
                .set(
                        "tokenizer",
                        new GenericData.EnumSymbol(old.getField("tokenizer").schema(), "CHARACTERS"))
                .set(
                        "normalizer",
                        new GenericData.EnumSymbol(old.getField("normalizer").schema(), "LETTERS"))
                .set("textPartition", 0)
                .set("textOffset", 1L)
                .build();

        // When
        TokenBlock read = this.<TokenBlock>serde().deserializer().deserialize(TOPIC, framed(TOPIC, old, block));

        // Then
        assertThat(read.getTokens()).containsExactly(1, 1);
        assertThat(read.getNfc()).isFalse();
        assertThat(read.getReservedTokens()).isEmpty();
    }

    @Test
    void rejectsAWrongMagicByte() {
        assertThatThrownBy(() ->
                        serde().deserializer().deserialize(TOPIC, "once upon a time".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(TOPIC)
                .hasMessageContaining("magic byte is 0x6f");
    }

    @Test
    void rejectsAnUnknownId() {
        assertThatThrownBy(() -> serde().deserializer().deserialize(TOPIC, new byte[] {0, 0, 0, 1, 0, 1, 2}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(TOPIC)
                .hasMessageContaining("schema id 256, which the schema registry does not know");
    }

    @Test
    void rejectsANegativeIdWithoutAskingForIt() {
        registry.answerNext(400, "{\"error_code\": 400, \"message\": \"Bad Request\"}");
        byte[] record = {0, -1, -1, -1, -1, 2};

        assertThatThrownBy(() -> serde().deserializer().deserialize(TOPIC, record))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("schema id -1");
    }

    @Test
    void rejectsEveryTruncation() {
        // Given
        Serde<TokenBlock> serde = serde();
        byte[] bytes = serde.serializer().serialize(TOPIC, Samples.block(List.of("ab"), List.of(1, 2, 3)));

        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);

            // When, Then
            assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, part))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining(TOPIC)
                    .hasMessageContaining("truncated");
        }
    }

    @Test
    void allocatesNoMemoryForAMissingArray() {
        // Given: two billion tokens announced, none there
        Serde<TokenBlock> serde = serde();
        byte[] bytes = serde.serializer().serialize(TOPIC, Samples.block(List.of(), List.of()));
        byte[] lie = Arrays.copyOf(bytes, 5 + 3 + 5);
        System.arraycopy(new byte[] {(byte) 0xe0, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}, 0, lie, 8, 5);

        // When, Then
        assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, lie))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("truncated");
    }

    @Test
    void rejectsASchemaWithoutAGeneratedClass() {
        // Given: one that names a class that Avro did not generate, and one that is no record
        int harmful = registry.add(
                "x-value",
                "{\"type\":\"record\",\"name\":\"ProcessBuilder\",\"namespace\":\"java.lang\",\"fields\":[]}");
        int plain = registry.add("y-value", "\"string\"");

        // When, Then
        assertThatThrownBy(() -> serde().deserializer().deserialize(TOPIC, new byte[] {0, 0, 0, 0, (byte) harmful}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("no generated class")
                .hasMessageContaining("java.lang.ProcessBuilder");
        assertThatThrownBy(() -> serde().deserializer().deserialize(TOPIC, new byte[] {0, 0, 0, 0, (byte) plain}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("no generated class");
    }

    @Test
    void namesTheSchemaThatTheRegistryRejects() {
        // Given
        registry.answerNext(409, "{\"error_code\":409,\"message\":\"incompatible with an earlier schema\"}");

        // When, Then
        assertThatThrownBy(() -> serde().serializer().serialize(TOPIC, Samples.block(List.of(), List.of())))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("inkstream.tokens-value")
                .hasMessageContaining("incompatible with an earlier schema");
    }

    @Test
    void doesNotBlameARecordForWrongCredentials() {
        // Given
        registry.answerNext(401, "{\"error_code\":401,\"message\":\"Unauthorized\"}");

        // When, Then
        assertThatThrownBy(() -> serde().deserializer().deserialize(TOPIC, new byte[] {0, 0, 0, 0, 1}))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("basic.auth.credentials.source");
    }

    @Test
    void doesNotBlameARecordForAnErrorThatIsNotTheRegistrys() {
        // Given: a proxy's page
        registry.answerNext(404, "<html>not here</html>");

        // When, Then
        assertThatThrownBy(() -> serde().deserializer().deserialize(TOPIC, new byte[] {0, 0, 0, 0, 1}))
                .isInstanceOf(RegistryException.class);
    }

    @Test
    void waitsForARegistryThatIsDown() throws Exception {
        // Given
        Serde<TokenBlock> serde = serde();
        TokenBlock block = Samples.block(List.of("a"), List.of(1));
        byte[] bytes = serde.serializer().serialize(TOPIC, block);
        registry.down();

        // When
        CompletableFuture<TokenBlock> read =
                CompletableFuture.supplyAsync(() -> serde.deserializer().deserialize(TOPIC, bytes));
        assertThatThrownBy(() -> read.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        registry.up();

        // Then
        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(block);
    }

    @Test
    void asksAgainAfterAServerError() {
        // Given
        registry.answerNext(503, "");
        registry.answerNext(500, "{\"error_code\":50001,\"message\":\"Error in the backend\"}");

        // When
        byte[] bytes = serde().serializer().serialize(TOPIC, Samples.block(List.of(), List.of()));

        // Then
        assertThat(bytes).startsWith(0, 0, 0, 0, 1);
    }

    @Test
    void failsWithAnErrorThatDoesNotBlameTheRecord() {
        // Given
        registry.down();
        Map<String, Object> properties = properties();
        properties.put(RegistryConfig.RETRY_TIMEOUT, "200");
        AvroDeserializer<TokenBlock> deserializer = new AvroDeserializer<>();
        deserializer.configure(properties, false);

        // When, Then
        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, new byte[] {0, 0, 0, 0, 1}))
                .isInstanceOf(RetriableException.class)
                .isNotInstanceOf(SerializationException.class)
                .hasMessageContaining(registry.url());
        registry.up();
    }

    @Test
    void closingEndsTheWait() throws Exception {
        // Given
        registry.down();
        Serde<TokenBlock> serde = serde();
        CompletableFuture<TokenBlock> read = CompletableFuture.supplyAsync(
                () -> serde.deserializer().deserialize(TOPIC, new byte[] {0, 0, 0, 0, 1}));

        // When
        serde.close();

        // Then
        assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("closed");
        registry.up();
    }

    @Test
    void withoutRegisteringUsesTheIdThatIsThere() {
        // Given
        registry.add("other-value", "\"int\"");
        registry.add(TOPIC + "-value", TokenBlock.getClassSchema().toString());
        Map<String, Object> properties = properties();
        properties.put(RegistryConfig.AUTO_REGISTER, "false");
        AvroSerializer<TokenBlock> serializer = new AvroSerializer<>();
        serializer.configure(properties, false);

        // When, Then
        assertThat(serializer.serialize(TOPIC, Samples.block(List.of(), List.of())))
                .startsWith(0, 0, 0, 0, 2);
        assertThatThrownBy(() -> serializer.serialize("new", Samples.block(List.of(), List.of())))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("not registered under subject new-value");
    }

    @Test
    void writesWithTheLatestVersionWhenAsked() {
        // Given: a later version has a field more, in front of the others
        Schema latest = new Schema.Parser()
                .parse(PrefixRequest.getClassSchema()
                        .toString()
                        .replace(
                                "\"fields\":[{\"name\":\"corpus\"",
                                "\"fields\":[{\"name\":\"user\",\"type\":\"string\",\"default\":\"nobody\"},"
                                        + "{\"name\":\"corpus\""));
        registry.add("prefixes-value", PrefixRequest.getClassSchema().toString());
        int id = registry.add("prefixes-value", latest.toString());
        Map<String, Object> properties = properties();
        properties.put(RegistryConfig.AUTO_REGISTER, false);
        properties.put(RegistryConfig.USE_LATEST, true);
        AvroSerde<PrefixRequest> serde = new AvroSerde<>();
        serde.configure(properties, false);
        PrefixRequest request = PrefixRequest.newBuilder()
                .setCorpus("wells")
                .setPrefix("it was")
                .setSeed(4L)
                .build();

        // When
        byte[] bytes = serde.serializer().serialize("prefixes", request);

        // Then
        assertThat(bytes).startsWith(0, 0, 0, 0, id);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("nobody");
        assertThat(serde.deserializer().deserialize("prefixes", bytes)).isEqualTo(request);
    }

    @Test
    void rejectsALatestVersionThatCannotHoldTheRecord() {
        // Given
        registry.add(
                "prefixes-value",
                "{\"type\":\"record\",\"name\":\"PrefixRequest\",\"namespace\":\"io.inkstream.schemas\","
                        + "\"fields\":[{\"name\":\"must\",\"type\":\"int\"}]}");
        Map<String, Object> properties = properties();
        properties.put(RegistryConfig.AUTO_REGISTER, false);
        properties.put(RegistryConfig.USE_LATEST, true);
        AvroSerializer<PrefixRequest> serializer = new AvroSerializer<>();
        serializer.configure(properties, false);
        PrefixRequest request =
                PrefixRequest.newBuilder().setCorpus("c").setPrefix("p").build();

        // When, Then
        assertThatThrownBy(() -> serializer.serialize("prefixes", request))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("Version 1 of subject prefixes-value");
    }

    @Test
    void saysWhichFieldOfARecordIsMissing() {
        // Given
        TokenBlock incomplete = new TokenBlock();

        // When, Then
        assertThatThrownBy(() -> serde().serializer().serialize(TOPIC, incomplete))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(TOPIC)
                .hasMessageContaining("newEntries");
    }

    @Test
    void isTheDefaultSerdeOfAConnection() {
        // Given
        Connection connection = new Connection("localhost:9092", registry.url());
        TokenBlock block = Samples.block(List.of("a"), List.of(1));

        // When
        Serde<TokenBlock> serde = RecordSerdes.serde(connection, TokenBlock.class);

        // Then
        assertThat(serde.deserializer().deserialize(TOPIC, serde.serializer().serialize(TOPIC, block)))
                .isEqualTo(block);
    }

    @Test
    void rejectsRecordsOfAnotherClass() {
        // Given
        Connection connection = new Connection("localhost:9092", registry.url());
        PrefixRequest request =
                PrefixRequest.newBuilder().setCorpus("c").setPrefix("p").build();
        byte[] bytes = RecordSerdes.<PrefixRequest>serializer(connection).serialize(TOPIC, request);

        // When, Then
        for (Deserializer<TokenBlock> blocks : List.of(
                RecordSerdes.deserializer(connection, TokenBlock.class),
                RecordSerdes.serde(connection, TokenBlock.class).deserializer())) {
            assertThatThrownBy(() -> blocks.deserialize(TOPIC, bytes))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("a PrefixRequest and not a TokenBlock");
        }
    }

    @Test
    void rejectsToReadIntoGenericRecords() {
        // Given
        Map<String, Object> properties = properties();
        properties.put(RegistryConfig.SPECIFIC_READER, "false");

        // When, Then
        assertThatThrownBy(() -> new AvroSerde<>().configure(properties, false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("specific.avro.reader");
    }

    private byte[] framed(String topic, Schema schema, GenericRecord record) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WireFormat.writeHeader(out, registry.add(topic + "-value", schema.toString()));
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static Schema without(Schema schema, String field) {
        List<Schema.Field> fields = schema.getFields().stream()
                .filter(f -> !f.name().equals(field))
                .map(f -> new Schema.Field(f, f.schema()))
                .toList();
        return Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
    }

    private <T extends SpecificRecord> Serde<T> serde() {
        AvroSerde<T> serde = new AvroSerde<>();
        serde.configure(properties(), false);
        return serde;
    }

    private Map<String, Object> properties() {
        return new HashMap<>(Map.of(RegistryConfig.URL, registry.url()));
    }
}

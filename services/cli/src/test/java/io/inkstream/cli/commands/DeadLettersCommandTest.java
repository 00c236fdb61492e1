package io.inkstream.cli.commands;

import static io.inkstream.testsupport.TestTopics.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.cli.Invocation;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.ingest.IngestService;
import io.inkstream.ingest.IngestSettings;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.testsupport.RestartableRegistryFixture;
import io.inkstream.testsupport.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters as a user sees and replays them. */
@Timeout(180)
class DeadLettersCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");

    private static RestartableRegistryFixture cluster;

    private TestTopics topics;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = new RestartableRegistryFixture(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void begin() {
        topics = new TestTopics(cluster.connection(), "dead-letters" + TESTS.incrementAndGet());
    }

    @AfterEach
    void end() {
        topics.close();
    }

    @Test
    void saysThatThereAreNone() {
        // When, Then
        assertThat(run().out()).isEqualTo("There are no dead letters.\n");
        assertThat(run("--json").out().strip()).isEqualTo("[ ]");
        assertThat(run("--replay", "all").out()).isEqualTo("There are no dead letters to replay.\n");
        assertThat(run("--topic-prefix", "nowhere").out()).isEqualTo("There are no dead letters.\n");
    }

    @Test
    void listsThemTheNewestLast() throws IOException {
        // Given
        bury(Topic.TEXT, "wells", "one", 2, "It is not UTF-8.");
        bury(Topic.TOKENS, "wells", "two", 1, "Tokens are missing.");
        bury(Topic.PREFIXES, null, "three", 3, "It is no request.");

        // When
        JsonNode all = JSON.readTree(run("--json").out());
        List<String> lines = run().out().lines().toList();

        // Then
        assertThat(all.findValuesAsText("reason"))
                .containsExactly("Tokens are missing.", "It is not UTF-8.", "It is no request.");
        assertThat(all.get(1).get("id").asText()).matches("[01]:\\d+");
        assertThat(all.get(1).get("at").asText()).isEqualTo("2026-03-04T12:02:00Z");
        assertThat(all.get(1).get("topic").asText()).isEqualTo(topics.names.of(Topic.TEXT));
        assertThat(all.get(1).get("partition").asInt()).isEqualTo(1);
        assertThat(all.get(1).get("offset").asInt()).isEqualTo(17);
        assertThat(all.get(1).get("key").asText()).isEqualTo("wells");
        assertThat(all.get(1).get("bytes").asInt()).isEqualTo(3);
        assertThat(all.get(2).get("key").isNull()).isTrue();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("ID +TIME +TOPIC +PARTITION +OFFSET +KEY +REASON");
        assertThat(lines.get(2))
                .startsWith(all.get(1).get("id").asText())
                .contains(topics.names.of(Topic.TEXT))
                .matches(".* 1 +17 +wells +It is not UTF-8\\.");

        // And those that are asked for
        assertThat(reasons("--corpus", "wells")).containsExactly("Tokens are missing.", "It is not UTF-8.");
        assertThat(reasons("--topic", "text")).containsExactly("It is not UTF-8.");
        assertThat(reasons("--topic", topics.names.of(Topic.PREFIXES))).containsExactly("It is no request.");
        assertThat(reasons("--last", "1")).containsExactly("It is no request.");
        assertThat(reasons("--corpus", "wells", "--last", "1")).containsExactly("It is not UTF-8.");
    }

    @Test
    void listsAndReplaysTextWhoseHeaderNamesItsCorpus() throws IOException {
        // Given
        Header corpus = new RecordHeader("inkstream.corpus", bytes("wells"));
        bury(Topic.TEXT, null, "one", 1, "It is not UTF-8.", corpus);
        bury(Topic.TEXT, "verne", "two", 2, "It is not UTF-8, either.", corpus);

        // When, Then
        assertThat(reasons("--corpus", "wells")).containsExactly("It is not UTF-8.");

        // And it is replayed as it was
        assertThat(JSON.readTree(
                        run("--replay", "all", "--corpus", "wells", "--json").out()))
                .hasSize(1);
        assertThat(topics.awaitCommitted(Topic.TEXT, 1)).singleElement().satisfies(record -> {
            assertThat(record.key()).isNull();
            assertThat(record.value()).isEqualTo(bytes("one"));
            assertThat(TestTopics.header(record, "inkstream.corpus")).isEqualTo("wells");
        });
    }

    @Test
    void putsASpecBackWhoseSchemaWasNotThereYet() throws Exception {
        try (IngestService ingest = new IngestService(
                topics.connection,
                topics.names,
                new IngestSettings(TestTopics.PARTITIONS, 1),
                new SimpleMeterRegistry())) {
            // Given a spec of a schema that its producer has not registered
            ingest.start();
            byte[] spec = topics.encoded(
                    Topic.CORPORA,
                    CorpusSpec.newBuilder()
                            .setTokenizer(TokenizerKind.WORDS)
                            .setNormalizer(NormalizerKind.LETTERS)
                            .build());
            int next = register("spare", "\"string\"") + 1;
            ByteBuffer.wrap(spec).putInt(1, next);
            topics.send(Topic.CORPORA, "wells", spec, new RecordHeader("author", bytes("H. G.")));
            topics.awaitDeadLetters(1);
            String id = JSON.readTree(run("--json").out()).get(0).get("id").asText();

            // When the schema is there
            String schema = CorpusSpec.getClassSchema().toString();
            assertThat(register("later", schema.replaceFirst("\\{", "{\"as-written-by\":\"another program\",")))
                    .isEqualTo(next);
            Invocation replayed = run("--replay", id);

            // Then
            int home = new CorpusPartition(TestTopics.PARTITIONS).of("wells");
            assertThat(replayed.err()).isEmpty();
            assertThat(replayed.out())
                    .matches("%s is at offset \\d+ of partition %d of %s\\.\n"
                            .formatted(id, home, topics.names.of(Topic.CORPORA)));
            ConsumerRecord<byte[], byte[]> back =
                    topics.awaitCommitted(Topic.CORPORA, 2).get(1);
            assertThat(back.key()).isEqualTo(bytes("wells"));
            assertThat(back.value()).isEqualTo(spec);
            assertThat(Arrays.stream(back.headers().toArray()).map(Header::key))
                    .containsExactly("author", "inkstream.replayed");
            assertThat(TestTopics.header(back, "inkstream.replayed")).isEqualTo(id);

            // And it is taken: the text is read as it says
            topics.send(Topic.TEXT, "wells", bytes("The Time Machine"));
            await().atMost(TIMEOUT).until(() -> topics.committed(Topic.TOKENS).size() == 1);
            TokenBlock block = RecordSerdes.deserializer(topics.connection, TokenBlock.class)
                    .deserialize("", topics.committed(Topic.TOKENS).get(0).value());
            assertThat(block.getNewEntries()).containsExactly("the", "time", "machine");
            topics.awaitDeadLetters(1);
        }
    }

    @Test
    void replaysEveryRecordThatCanBeReplayed() throws IOException {
        // Given
        bury(Topic.TEXT, "wells", "one", 1, "It is not UTF-8.");
        bury(Topic.TOKENS, "wells", "two", 2, "Tokens are missing.");
        bury(Topic.TEXT, "verne", "three", 3, "It is not UTF-8.");

        // When
        Invocation replayed = run("--replay", "all", "--json");

        // Then
        assertThat(replayed.exitCode()).isZero();
        assertThat(replayed.err()).startsWith("Skipped: Dead letter ").contains("is a block of tokens");
        assertThat(JSON.readTree(replayed.out())).hasSize(2);
        assertThat(topics.awaitCommitted(Topic.TEXT, 2))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("one", "three");
        assertThat(topics.committed(Topic.TOKENS)).isEmpty();

        // And of one corpus only
        assertThat(JSON.readTree(
                        run("--replay", "all", "--corpus", "verne", "--json").out()))
                .hasSize(1);
        topics.awaitCommitted(Topic.TEXT, 3);
    }

    @Test
    void reportsInOneSentenceWhatCannotBeReplayed() throws IOException {
        // Given
        bury(Topic.TOKENS, "wells", "block", 1, "Tokens are missing.");
        bury(Topic.MODELS, "wells", "manifest", 2, "It is truncated.");
        bury(Topic.TEXT, "wells", null, 3, "It has no value.");
        bury(Topic.TEXT, "wells", "good", 4, "It is not UTF-8.");
        topics.writeDeadLetter(record("other.text", "wells", "elsewhere", 5), "It is not UTF-8.");
        List<String> ids = JSON.readTree(run("--json").out()).findValuesAsText("id");

        // When, Then
        assertThat(run("--replay", ids.get(0)).err())
                .contains("a gap cannot be filled at the end")
                .contains("produce the text of 'wells' again, under another corpus name");
        assertThat(run("--replay", ids.get(1)).err()).contains("is a checkpoint's manifest", "inkstream rollback");
        assertThat(run("--replay", ids.get(2)).err()).contains("has no value to replay");
        assertThat(run("--replay", ids.get(4)).err())
                .contains("came from the topic 'other.text', which is not one of those with the prefix");
        assertThat(run("--replay", ids.get(3) + ",1:99").err())
                .isEqualTo("inkstream: There is no dead letter 1:99: 'inkstream dead-letters' lists them.\n");
        assertThat(run("--replay", "first").exitCode()).isEqualTo(2);
        assertThat(run("--replay", "first").err())
                .contains("'first' is not the id of a dead letter, which is partition:offset");
        assertThat(run("--topic", "other.text").err())
                .contains("Topic 'other.text' is not one of those with the prefix " + topics.names.prefix());
        assertThat(run("--topic", "other.text").exitCode()).isEqualTo(1);

        // And nothing of all that was replayed
        assertThat(topics.committed(Topic.TEXT)).isEmpty();
    }

    private void bury(Topic topic, String key, String value, int minute, String reason, Header... headers) {
        topics.writeDeadLetter(record(topics.names.of(topic), key, value, minute, headers), reason);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String topic, String key, String value, int minute, Header... headers) {
        return new ConsumerRecord<>(
                topic,
                1,
                17,
                NOON.plusSeconds(60L * minute).toEpochMilli(),
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key == null ? null : bytes(key),
                value == null ? null : bytes(value),
                new RecordHeaders(headers),
                Optional.empty());
    }

    private List<String> reasons(String... arguments) throws IOException {
        String[] all = Stream.concat(Stream.of("--json"), Stream.of(arguments)).toArray(String[]::new);
        return JSON.readTree(run(all).out()).findValuesAsText("reason");
    }

    private Invocation run(String... arguments) {
        Map<String, String> environment = Map.of(
                "INKSTREAM_BOOTSTRAP_SERVERS",
                topics.connection.bootstrapServers(),
                "INKSTREAM_SCHEMA_REGISTRY",
                topics.connection.schemaRegistryUrl(),
                "INKSTREAM_TOPIC_PREFIX",
                topics.names.prefix());
        return Invocation.of(
                environment,
                Stream.concat(Stream.of("dead-letters"), Stream.of(arguments)).toArray(String[]::new));
    }

    /** Registers a schema as any program would; returns its id. */
    private int register(String subject, String schema) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("%s/subjects/%s/versions"
                                        .formatted(topics.connection.schemaRegistryUrl(), subject)))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .POST(HttpRequest.BodyPublishers.ofString(JSON.createObjectNode()
                                        .put("schema", schema)
                                        .toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body()).get("id").asInt();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

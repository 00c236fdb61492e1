package io.inkstream.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry with its log where it belongs: on a topic of a real broker. */
class EmbeddedRegistryTest {

    @TempDir
    private static Path data;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = new EmbeddedBroker(new BrokerSettings(data, 0));
        broker.start();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    @AfterEach
    void deleteTopic() throws Exception {
        try (Admin admin = Admin.create(properties())) {
            admin.deleteTopics(List.of("_schemas")).all().get();
            await().until(() -> !admin.listTopics().names().get().contains("_schemas"));
        }
    }

    @Test
    void keepsSchemasOnACompactedTopicOverARestart() throws Exception {
        // Given
        String latest;
        try (EmbeddedRegistry registry = started()) {
            Ask ask = new Ask(registry.url());
            ask.postSchema("/subjects/s/versions", Schemas.ONE);
            ask.postSchema("/subjects/s/versions", Schemas.FIELD_WITH_DEFAULT);
            ask.postSchema("/subjects/gone/versions", Schemas.ONE);
            ask.delete("/subjects/gone");
            ask.put("/config", "{\"compatibility\":\"FULL\"}");
            latest = ask.get("/subjects/s/versions/latest").text();
        }
        assertThat(records())
                .containsExactly(
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":1,\"magic\":1} "
                                + "{\"subject\":\"s\",\"version\":1,\"id\":1,\"schema\":\"" + escaped(Schemas.ONE)
                                + "\",\"deleted\":false}",
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":2,\"magic\":1} "
                                + "{\"subject\":\"s\",\"version\":2,\"id\":2,\"schema\":\""
                                + escaped(Schemas.FIELD_WITH_DEFAULT) + "\",\"deleted\":false}",
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"gone\",\"version\":1,\"magic\":1} "
                                + "{\"subject\":\"gone\",\"version\":1,\"id\":1,\"schema\":\"" + escaped(Schemas.ONE)
                                + "\",\"deleted\":false}",
                        "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"gone\",\"magic\":0} "
                                + "{\"subject\":\"gone\",\"version\":1}",
                        "{\"keytype\":\"CONFIG\",\"subject\":null,\"magic\":0} {\"compatibilityLevel\":\"FULL\"}");

        // When: broker and registry start anew
        broker.close();
        start();
        try (EmbeddedRegistry registry = started()) {
            Ask ask = new Ask(registry.url());

            // Then
            assertThat(ask.get("/subjects").text()).isEqualTo("[\"s\"]");
            assertThat(ask.get("/subjects/s/versions/latest").text()).isEqualTo(latest);
            assertThat(ask.get("/config").text()).isEqualTo("{\"compatibilityLevel\":\"FULL\"}");
            assertThat(ask.postSchema("/subjects/t/versions", "\"int\"").text()).isEqualTo("{\"id\":3}");
        }
    }

    @Test
    void takesATopicOverFromAnotherRegistry() throws Exception {
        // Given: what Confluent's registry leaves
        try (Admin admin = Admin.create(properties())) {
            admin.createTopics(List.of(new NewTopic("_schemas", Optional.of(1), Optional.empty())
                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
        write("{\"keytype\":\"NOOP\",\"magic\":0}", null);
        write(
                "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":1,\"magic\":1}",
                "{\"subject\":\"s\",\"version\":1,\"id\":41,\"schema\":\"\\\"int\\\"\",\"deleted\":false}");

        try (EmbeddedRegistry registry = started()) {
            Ask ask = new Ask(registry.url());

            // When, Then
            assertThat(ask.get("/schemas/ids/41").text()).isEqualTo("{\"schema\":\"\\\"int\\\"\"}");
            assertThat(ask.postSchema("/subjects/s/versions", "\"long\"").text())
                    .isEqualTo("{\"id\":42}");

            // When: a record arrives while it runs
            write("{\"keytype\":\"CONFIG\",\"subject\":\"s\",\"magic\":0}", "{\"compatibilityLevel\":\"NONE\"}");

            // Then
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> ask.get("/config/s").status() == 200);
        }
    }

    @Test
    void servesTheSerde() throws Exception {
        // Given
        TokenBlock block = new TokenBlock(
                0L,
                1,
                List.of("a", "b"),
                IntStream.range(0, 32_768).boxed().toList(),
                TokenizerKind.CHARACTERS,
                NormalizerKind.LETTERS,
                false,
                List.of(),
                0,
                0L);
        try (EmbeddedRegistry registry = started()) {
            Serde<TokenBlock> serde =
                    RecordSerdes.serde(new Connection(broker.bootstrapServers(), registry.url()), TokenBlock.class);

            // When
            byte[] bytes = serde.serializer().serialize("tokens", block);

            // Then
            assertThat(bytes).startsWith(0, 0, 0, 0, 1);
            assertThat(serde.deserializer().deserialize("tokens", bytes)).isEqualTo(block);
            assertThat(new Ask(registry.url()).get("/subjects").text()).isEqualTo("[\"tokens-value\"]");
        }
    }

    @Test
    void rejectsATopicThatWouldLoseSchemas() throws Exception {
        // Given
        try (Admin admin = Admin.create(properties())) {
            admin.createTopics(List.of(new NewTopic("_schemas", Optional.of(1), Optional.empty())
                            .configs(Map.of("cleanup.policy", "delete"))))
                    .all()
                    .get();
        }

        // When, Then
        assertThatThrownBy(this::started)
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("_schemas has cleanup.policy=delete");
    }

    @Test
    void rejectsATopicWithSeveralPartitions() throws Exception {
        // Given
        try (Admin admin = Admin.create(properties())) {
            admin.createTopics(List.of(new NewTopic("_schemas", Optional.of(3), Optional.empty())
                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }

        // When, Then
        assertThatThrownBy(this::started)
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("_schemas has 3 partitions");
    }

    @Test
    void givesEachSchemaOneIdWhenManyRegisterAtOnce() throws Exception {
        try (EmbeddedRegistry registry = started()) {
            Ask ask = new Ask(registry.url());
            ExecutorService clients = Executors.newFixedThreadPool(8);
            try {
                // When: 8 clients register the same 5 schemas, under two subjects
                List<Callable<String>> work = IntStream.range(0, 40)
                        .<Callable<String>>mapToObj(i ->
                                () -> ask.postSchema("/subjects/s" + i % 2 + "-" + i % 5 + "/versions", fixed(i % 5))
                                        .text())
                        .toList();
                Set<String> answers = new HashSet<>();
                for (Future<String> answer : clients.invokeAll(work)) {
                    answers.add(answer.get());
                }

                // Then
                assertThat(answers)
                        .containsExactlyInAnyOrder(
                                "{\"id\":1}", "{\"id\":2}", "{\"id\":3}", "{\"id\":4}", "{\"id\":5}");
                assertThat(records()).hasSize(10);
            } finally {
                clients.shutdownNow();
            }
        }
    }

    private static String fixed(int size) {
        return "{\"type\":\"fixed\",\"name\":\"F\",\"size\":" + size + "}";
    }

    private EmbeddedRegistry started() {
        EmbeddedRegistry registry = new EmbeddedRegistry(properties(), 0);
        registry.start();
        return registry;
    }

    private static Map<String, Object> properties() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private void write(String key, String value) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("_schemas", 0, key, value)).get();
        }
    }

    private List<String> records() {
        TopicPartition partition = new TopicPartition("_schemas", 0);
        List<String> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties(), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    records.add(record.key() + " " + record.value());
                }
            }
        }
        return records;
    }

    private static String escaped(String json) {
        return json.replace("\"", "\\\"");
    }
}

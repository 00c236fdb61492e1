package io.inkstream.ingest;

import static io.inkstream.ingest.IngestFixture.bytes;
import static io.inkstream.ingest.IngestFixture.lines;
import static io.inkstream.ingest.IngestFixture.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RegistryConfig;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TokenizerKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ingest as a service, on a real broker. */
class IngestServiceBrokerTest {

    private static EmbeddedBroker broker;
    private static RegistryStub schemas;
    private static Connection connection;

    @BeforeAll
    static void startBroker(@TempDir Path folder) throws IOException {
        broker = new EmbeddedBroker(new BrokerSettings(folder, 0));
        broker.start();
        schemas = new RegistryStub();
        connection = new Connection(broker.bootstrapServers(), schemas.url());
    }

    @AfterAll
    static void stopBroker() {
        schemas.close();
        broker.close();
    }

    @Test
    void resumesAfterARestart() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "stop")) {
            // Given
            ingest.spec("wells", TokenizerKind.CHARACTERS, NormalizerKind.VERBATIM);
            List<String> lines = lines(4_000);
            String text = String.join("", lines);
            // When
            try (IngestService first = ingest.start()) {
                lines.subList(0, 2_000).forEach(line -> ingest.text("wells", bytes(line)));
                ingest.flush();
                ingest.awaitTokens("wells", 1);
                awaitReady(first);
            }
            lines.subList(2_000, 4_000).forEach(line -> ingest.text("wells", bytes(line)));
            ingest.flush();
            List<TokenBlock> blocks;
            try (IngestService second = ingest.start()) {
                blocks = ingest.awaitTokens("wells", text.length());
                awaitReady(second);
            }
            // Then
            assertThat(read(blocks)).isEqualTo(text);
        }
    }

    @Test
    void readsEveryLineOnceWhenKilledTwice(@TempDir Path temporary) throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "kill")) {
            // Given
            ingest.spec("wells", TokenizerKind.CHARACTERS, NormalizerKind.VERBATIM);
            List<String> lines = lines(30_000);
            String text = String.join("", lines);
            int home = new CorpusPartition(IngestFixture.PARTITIONS).of("wells");
            for (int i = 0; i < lines.size(); i++) {
                if (i % 3 == 0) {
                    ingest.textWithHeader("wells", home, bytes(lines.get(i)));
                } else {
                    ingest.text("wells", bytes(lines.get(i)));
                }
            }
            ingest.flush();
            // When
            for (int kill = 1; kill <= 2; kill++) {
                long committed = ingest.committedTokens();
                Process process = IngestProcess.spawn(connection, ingest.topics, temporary);
                ingest.awaitTokens("wells", committed + 1);
                process.destroyForcibly().waitFor();
            }
            List<TokenBlock> blocks;
            try (IngestService last = ingest.start()) {
                blocks = ingest.awaitTokens("wells", text.length());
                awaitReady(last);
            }
            // Then
            assertThat(read(blocks)).isEqualTo(text);
        }
    }

    @Test
    void theBacklogIsZeroAtRestBehindTransactionMarkers() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "backlog")) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            try (IngestService first = ingest.start(meters)) {
                // Given text in transactions, the last of which is aborted, and a registry that is down
                awaitBacklog(meters, 0);
                schemas.outOfOrder(true);
                ingest.transaction("wells", 2, true);
                ingest.transaction("wells", 3, true);
                ingest.transaction("wells", 1, false);
                // When nothing can be processed: 6 records and 3 markers
                awaitBacklog(meters, 9);
                schemas.outOfOrder(false);
                // Then
                ingest.awaitTokens("wells", 5);
                awaitBacklog(meters, 0);
                awaitReady(first);
            } finally {
                schemas.outOfOrder(false);
            }
            // And after a restart, which finds nothing to poll
            try (IngestService second = ingest.start(meters)) {
                awaitBacklog(meters, 0);
                awaitReady(second);
                ingest.transaction("wells", 1, false);
                awaitBacklog(meters, 0);
            }
        }
    }

    private static void awaitBacklog(MeterRegistry meters, double records) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        meters.find("inkstream.ingest.backlog").gauges().stream()
                                .map(Gauge::value))
                .hasSize(IngestFixture.PARTITIONS)
                .satisfies(values -> assertThat(
                                values.stream().mapToDouble(value -> value).sum())
                        .isEqualTo(records)));
    }

    @Test
    void forwardsTextFromTheWrongPartitions() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "reroute");
                IngestService service = ingest.start()) {
            // Given
            List<String> lines = lines(400);
            ingest.spec("wells", TokenizerKind.CHARACTERS, NormalizerKind.VERBATIM);
            // When
            for (int partition = 0; partition < IngestFixture.PARTITIONS; partition++) {
                for (String line : lines) {
                    ingest.text("wells", partition, bytes(line));
                }
            }
            ingest.flush();
            // Then
            String text =
                    read(ingest.awaitTokens("wells", 4L * String.join("", lines).length()));
            assertThat(text.lines().sorted())
                    .isEqualTo(Stream.of(lines, lines, lines, lines)
                            .flatMap(List::stream)
                            .map(String::strip)
                            .sorted()
                            .toList());
            awaitReady(service);
        }
    }

    @Test
    void forwardsTextWhoseHeaderNamesItsCorpusOnceAndInOrder() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "header")) {
            // Given text without keys in all partitions, in the order of its producers
            ingest.spec("wells", TokenizerKind.CHARACTERS, NormalizerKind.VERBATIM);
            Map<Integer, List<String>> lines = new HashMap<>();
            for (int partition = 0; partition < IngestFixture.PARTITIONS; partition++) {
                String producer = "producer " + partition + " ";
                lines.put(
                        partition,
                        lines(400).stream().map(line -> producer + line).toList());
                for (String line : lines.get(partition)) {
                    ingest.textWithHeader("wells", partition, bytes(line));
                }
            }
            ingest.flush();
            long characters = lines.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(String::length)
                    .sum();

            // When
            String text;
            try (IngestService service = ingest.start()) {
                text = read(ingest.awaitTokens("wells", characters));
                awaitReady(service);
            }

            // Then
            assertThat(ingest.committedTokens()).isEqualTo(characters);
            lines.forEach((partition, sent) -> assertThat(
                            text.lines().filter(line -> line.startsWith("producer " + partition + " ")))
                    .containsExactlyElementsOf(sent.stream().map(String::strip).toList()));
        }
    }

    @Test
    void nfcAndReservedTokensSurviveARestart() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "reserved")) {
            // Given
            CorpusSpec spec = CorpusSpec.newBuilder()
                    .setTokenizer(TokenizerKind.CHARACTERS)
                    .setNormalizer(NormalizerKind.VERBATIM)
                    .setNfc(true)
                    .setReservedTokens(List.of("<pad>", "<eos>"))
                    .build();
            ingest.spec("cafe", spec);
            ingest.text("cafe", bytes("caf\u00E9<eos>"));
            ingest.flush();
            try (IngestService first = ingest.start()) {
                ingest.awaitTokens("cafe", 6);
                awaitReady(first);
            }
            // When
            ingest.spec("cafe", TokenizerKind.CHARACTERS, NormalizerKind.VERBATIM);
            ingest.text("cafe", bytes("fe\u0301e<pad>"));
            ingest.flush();
            try (IngestService second = ingest.start()) {
                List<TokenBlock> blocks = ingest.awaitTokens("cafe", 11);
                awaitReady(second);
                // Then
                assertThat(blocks.get(0).getNewEntries())
                        .containsExactly("<pad>", "<eos>", "c", "a", "f", "\u00E9", "\n");
                assertThat(blocks.get(0).getTokens()).containsExactly(3, 4, 5, 6, 2, 7);
                assertThat(blocks.get(1).getNewEntries()).containsExactly("e");
                assertThat(blocks.get(1).getTokens()).containsExactly(5, 6, 8, 1, 7);
                assertThat(blocks).allSatisfy(block -> {
                    assertThat(block.getNfc()).isTrue();
                    assertThat(block.getReservedTokens()).containsExactly("<pad>", "<eos>");
                });
                assertThat(ingest.awaitDeadLetters(1)).singleElement().satisfies(letter -> assertThat(message(letter))
                        .contains("in NFC, with the reserved tokens [<pad>, <eos>]; this cannot change"));
            }
        }
    }

    @Test
    void readsASpecThatWasAcknowledgedBeforeTheTextFirst() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "order");
                IngestService service = ingest.start()) {
            // Given
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.health()
                    .ready());
            int corpora = 100;
            // When
            for (int i = 0; i < corpora; i++) {
                ingest.spec("corpus-" + i, TokenizerKind.WORDS, NormalizerKind.LETTERS);
                ingest.text("corpus-" + i, bytes("Some words."));
                ingest.flush();
            }
            // Then
            assertThat(ingest.awaitCorpora(corpora).values())
                    .allSatisfy(
                            blocks -> assertThat(blocks.get(0).getNewEntries()).containsExactly("some", "words"));
        }
    }

    @Test
    void theLargestRecordThatKafkaAcceptsBecomesADeadLetterUnchanged() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "large");
                IngestService service = ingest.start()) {
            // Given
            byte[] value = new byte[1_048_500];
            Arrays.fill(value, (byte) 'x');
            value[value.length - 1] = (byte) 0xFF;
            // When
            ingest.text("wells", value);
            ingest.flush();
            ingest.spec("wells", bytes("no spec"));
            // Then
            List<ConsumerRecord<byte[], byte[]>> letters = ingest.awaitDeadLetters(2);
            assertThat(letters).anySatisfy(letter -> {
                assertThat(letter.value()).isEqualTo(value);
                assertThat(message(letter)).contains("not UTF-8 at byte 1048499");
            });
            assertThat(letters).anySatisfy(letter -> {
                assertThat(letter.value()).isEqualTo(bytes("no spec"));
                assertThat(message(letter)).isNotBlank();
            });
            awaitReady(service);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void recordsThatAreSmallOnlyWhenCompressedDoNotStopTheService(String compression) throws Exception {
        createWithCompression(compression);
        try (IngestFixture ingest = new IngestFixture(connection, compression);
                IngestService service = ingest.start()) {
            // Given records in the wrong partition that are larger than a record may be, and a value that is not a spec
            int home = new CorpusPartition(IngestFixture.PARTITIONS).of("wells");
            int wrong = (home + 1) % IngestFixture.PARTITIONS;
            byte[] middling = new byte[1_500_000];
            byte[] huge = new byte[5_000_000];
            Arrays.fill(middling, (byte) 'x');
            Arrays.fill(huge, (byte) 'x');
            // When
            ingest.compressed(compression, Topic.TEXT, "wells", wrong, middling);
            ingest.compressed(compression, Topic.TEXT, "wells", wrong, huge);
            ingest.compressed(compression, Topic.CORPORA, "wells", home, huge);
            ingest.compressed(compression, Topic.CORPORA, "wells", wrong, middling);
            ingest.text("wells", wrong, bytes("later text"));
            ingest.flush();
            // Then each is a dead letter with its offset or its content
            assertThat(ingest.awaitTokens("wells", 7)).hasSize(1);
            List<ConsumerRecord<byte[], byte[]>> letters = ingest.awaitDeadLetters(4);
            assertThat(letters).hasSize(4);
            assertThat(letters)
                    .filteredOn(
                            letter -> header(letter, "__streams.errors.topic").endsWith(".text"))
                    .allSatisfy(letter -> assertThat(message(letter))
                            .contains(
                                    "bytes uncompressed and is in partition %d, but its corpus belongs to partition %d"
                                            .formatted(wrong, home)));
            assertThat(letters)
                    .filteredOn(letter -> letter.value() == null)
                    .hasSize(2)
                    .allSatisfy(letter -> assertThat(header(letter, "inkstream.omitted.value"))
                            .startsWith("5000000 bytes, SHA-256 "));
            awaitReady(service);
        }
    }

    @Test
    void failsWhenCorporaBelongToOtherPartitionsBecausePartitionsWereAdded() throws Exception {
        try (IngestFixture ingest = new IngestFixture(connection, "moved")) {
            // Given corpora, some of which belong to another partition among twice as many
            for (int i = 0; i < 10; i++) {
                ingest.text("corpus-" + i, bytes("text"));
            }
            ingest.flush();
            try (IngestService first = ingest.start()) {
                ingest.awaitCorpora(10);
                awaitReady(first);
            }
            // When the topics get more partitions, and then the state of ingest too
            try (Admin admin = Admin.create(connection.clientProperties())) {
                Set<String> all = admin.listTopics().names().get();
                addPartitions(admin, all, name -> name.startsWith("moved."));
                // Then
                assertThatThrownBy(ingest::start)
                        .isInstanceOf(InkstreamException.class)
                        .hasMessageContaining("have 8 partitions, but had 4 when ingest first ran");
                addPartitions(admin, all, name -> name.startsWith("moved-ingest-"));
            }
            try (IngestService second = ingest.start()) {
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(second::health, health -> !health.live());
                assertThat(second.health().detail()).contains("partitions were added to the topics");
            }
            assertThat(ingest.committedTokens()).isEqualTo(40);
        }
    }

    /** Topics created by a user, whose brokers limit the compressed size of records. */
    private static void createWithCompression(String prefix) throws Exception {
        try (Admin admin = Admin.create(connection.clientProperties())) {
            admin.createTopics(Stream.of(Topic.TEXT, Topic.CORPORA)
                            .map(topic -> {
                                Map<String, String> settings = new HashMap<>(topic.settings());
                                settings.put("compression.type", "producer");
                                return new NewTopic(
                                                new TopicNames(prefix).of(topic),
                                                Optional.of(IngestFixture.PARTITIONS),
                                                Optional.empty())
                                        .configs(settings);
                            })
                            .toList())
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** Doubles the partitions, and returns when the brokers confirm it. */
    private static void addPartitions(Admin admin, Set<String> all, Predicate<String> which) throws Exception {
        Set<String> topics = all.stream().filter(which).collect(Collectors.toSet());
        int count = 2 * IngestFixture.PARTITIONS;
        admin.createPartitions(topics.stream()
                        .collect(Collectors.toMap(topic -> topic, topic -> NewPartitions.increaseTo(count))))
                .all()
                .get();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> admin.describeTopics(topics).allTopicNames().get().values().stream()
                        .allMatch(topic -> topic.partitions().size() == count));
    }

    @Test
    void specsAreRetriedWhileTheRegistryIsUnavailable() throws Exception {
        Connection impatient = new Connection(
                broker.bootstrapServers(),
                schemas.url(),
                Connection.DEFAULT_SERDE_CLASS,
                Map.of(RegistryConfig.RETRY_TIMEOUT, "100", "session.timeout.ms", "6000"));
        try (IngestFixture ingest = new IngestFixture(impatient, "registry")) {
            // Given
            ingest.spec("wells", TokenizerKind.WORDS, NormalizerKind.LETTERS);
            ingest.text("wells", bytes("Some words."));
            ingest.flush();
            schemas.outOfOrder(true);
            int asked = schemas.asked();
            try (IngestService service = ingest.start()) {
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> schemas.asked() > asked);
                assertThat(service.health().live()).isTrue();
                // When
                schemas.outOfOrder(false);
                ingest.text("wells", new byte[] {(byte) 0xFF});
                ingest.flush();
                // Then
                assertThat(ingest.awaitTokens("wells", 2).get(0).getNewEntries())
                        .containsExactly("some", "words");
                assertThat(ingest.awaitDeadLetters(1)).singleElement().satisfies(letter -> assertThat(message(letter))
                        .contains("not UTF-8"));
            } finally {
                schemas.outOfOrder(false);
            }
        }
    }

    private static void awaitReady(IngestService service) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.health()
                .ready());
    }

    private static String message(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, "__streams.errors.message");
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}

package io.inkstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.TestTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the command line asks of a cluster, asked of a real one, without any service running. */
@Timeout(120)
class ClientsTest {

    private static Connection connection;

    @BeforeAll
    static void start() {
        connection = BrokerFixture.get().connection();
    }

    @Test
    void aTopicThatDoesNotExistHoldsNothing() {
        // Given
        Corpora corpora = new Corpora(connection, new TopicNames("nowhere"));

        // Then
        assertThat(corpora.states()).isEmpty();
        assertThat(corpora.spec("wells")).isEmpty();
        assertThat(corpora.lastBlock("wells")).isEmpty();
        assertThat(corpora.checkpoints("wells")).isEmpty();
    }

    @Test
    void theLastSettingsOfACorpusCount() {
        // Given
        TopicNames topics = topics("settings");
        Corpora corpora = new Corpora(connection, topics);
        SpecPublisher specs = new SpecPublisher(connection, topics);

        // When
        specs.publish("wells", spec(NormalizerKind.LETTERS));
        specs.publish("poems", spec(NormalizerKind.VERBATIM));
        specs.publish("wells", spec(NormalizerKind.TIME_MACHINE));

        // Then
        assertThat(corpora.spec("wells").orElseThrow().getNormalizer()).isEqualTo(NormalizerKind.TIME_MACHINE);
        assertThat(corpora.states()).extracting(CorpusState::corpus).containsExactly("poems", "wells");
        assertThat(corpora.states()).extracting(CorpusState::tokens).containsOnly(0L);
    }

    @Test
    void settingsInTheWrongPartitionDoNotCount() throws Exception {
        // Given settings, and others that a producer has put into each of the other partitions
        TopicNames topics = topics("stray");
        Corpora corpora = new Corpora(connection, topics);
        SpecPublisher specs = new SpecPublisher(connection, topics);
        specs.publish("wells", spec(NormalizerKind.LETTERS));
        int home = new CorpusPartition(4).of("wells");
        try (Serde<CorpusSpec> serde = RecordSerdes.serde(connection, CorpusSpec.class);
                KafkaProducer<String, CorpusSpec> producer = new KafkaProducer<>(
                        connection.clientProperties(), new StringSerializer(), serde.serializer())) {
            for (int partition = 0; partition < 4; partition++) {
                if (partition != home) {
                    producer.send(new ProducerRecord<>(
                                    topics.of(Topic.CORPORA), partition, "wells", spec(NormalizerKind.VERBATIM)))
                            .get();
                }
            }
        }

        // Then
        assertThat(corpora.spec("wells").orElseThrow().getNormalizer()).isEqualTo(NormalizerKind.LETTERS);
        assertThat(corpora.states()).hasSize(1);
    }

    @Test
    void findsTheLastRecordFarBehindOthers() {
        // Given: one corpus settled long before another one of the same partition was changed again and again
        TopicNames topics = topics("backwards");
        SpecPublisher specs = new SpecPublisher(connection, topics);
        List<String> neighbours = sameCorpusPartition("quiet");
        specs.publish("quiet", spec(NormalizerKind.VERBATIM));
        for (int i = 0; i < 80; i++) {
            specs.publish(neighbours.get(0), spec(NormalizerKind.LETTERS));
        }

        // When
        try (TopicScan<CorpusSpec> scan = new TopicScan<>(connection, topics.of(Topic.CORPORA), CorpusSpec.class)) {
            Map<String, TopicScan.Entry<CorpusSpec>> latest =
                    scan.latestOf(Set.of("quiet", neighbours.get(0), "unheard-of"));

            // Then
            assertThat(latest).containsOnlyKeys("quiet", neighbours.get(0));
            assertThat(latest.get("quiet").offset()).isZero();
            assertThat(latest.get(neighbours.get(0)).offset()).isEqualTo(80);
        }
    }

    @Test
    void textIsReceiptedWhereItLies() {
        // Given
        TopicNames topics = topics("text");

        // When
        TextReceipt receipt;
        try (TextProducer producer = new TextProducer(connection, topics, "wells")) {
            producer.send("床前\n".getBytes(StandardCharsets.UTF_8));
            producer.send("ab\n".getBytes(StandardCharsets.UTF_8));
            receipt = producer.flush();
        }

        // Then
        assertThat(receipt).isEqualTo(new TextReceipt("text.text", new CorpusPartition(4).of("wells"), 0, 1, 2, 6, 10));
    }

    @Test
    void saysWhenIngestDoesNotRead() {
        // Given
        TopicNames topics = topics("idle");
        TextReceipt receipt = new TextReceipt("idle.text", 0, 0, 0, 1, 1, 1);

        // Then
        assertThatThrownBy(() -> new IngestWait(connection, topics).until(receipt, Duration.ofMillis(300), () -> {}))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("Ingest has not read offset 0 of partition 0 of idle.text");
    }

    @ParameterizedTest
    @EnumSource(names = {"TOKENS", "DEAD_LETTERS"})
    void waitsUntilWhatIngestHasWrittenCanBeRead(Topic written) throws Exception {
        // Given a transaction whose offsets can be seen and whose records cannot, as between two of its markers
        TopicNames topics = topics("markers-" + (written == Topic.TOKENS ? "tokens" : "letters"));
        TextReceipt receipt = new TextReceipt(topics.of(Topic.TEXT), 2, 0, 0, 1, 1, 1);
        commitIngestOffset(topics, receipt);
        try (KafkaProducer<String, String> ingest = new KafkaProducer<>(
                Map.of("bootstrap.servers", connection.bootstrapServers(), "transactional.id", topics.of(written)),
                new StringSerializer(),
                new StringSerializer())) {
            ingest.initTransactions();
            ingest.beginTransaction();
            ingest.send(new ProducerRecord<>(topics.of(written), 2, "wells", "tokens"))
                    .get();

            // When it ends during the wait
            AtomicInteger waited = new AtomicInteger();
            new IngestWait(connection, topics).until(receipt, Duration.ofSeconds(60), () -> {
                if (waited.incrementAndGet() == 3) {
                    ingest.commitTransaction();
                }
            });
            assertThat(waited).hasValueGreaterThanOrEqualTo(3);
        }

        // Then they can be read
        assertThat(TestTopics.all(connection, topics.of(written), "read_committed"))
                .hasSize(1);
    }

    @Test
    void saysWhatKeepsWhatIngestHasWrittenFromBeingRead() throws Exception {
        // Given
        TopicNames topics = topics("open");
        TextReceipt receipt = new TextReceipt(topics.of(Topic.TEXT), 1, 0, 0, 1, 1, 1);
        commitIngestOffset(topics, receipt);
        try (KafkaProducer<String, String> ingest = new KafkaProducer<>(
                Map.of("bootstrap.servers", connection.bootstrapServers(), "transactional.id", "open"),
                new StringSerializer(),
                new StringSerializer())) {
            ingest.initTransactions();
            ingest.beginTransaction();
            ingest.send(new ProducerRecord<>(topics.of(Topic.TOKENS), 1, "wells", "tokens"))
                    .get();

            // When, Then
            assertThatThrownBy(
                            () -> new IngestWait(connection, topics).until(receipt, Duration.ofMillis(300), () -> {}))
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageStartingWith("A transaction in [open.tokens-1] has been open for 0 s");
            ingest.abortTransaction();
        }
    }

    @Test
    void noTextNeedsNoWait() {
        TextReceipt nothing = new TextReceipt("nowhere.text", -1, -1, -1, 0, 0, 0);
        assertThatCode(() -> new IngestWait(connection, new TopicNames("nowhere"))
                        .until(nothing, Duration.ofMillis(300), () -> {}))
                .doesNotThrowAnyException();
    }

    @Test
    void saysWhenNoGeneratorAnswers() {
        // Given
        TopicNames topics = topics("silence");
        PrefixRequest request =
                PrefixRequest.newBuilder().setCorpus("wells").setPrefix("time").build();

        // When
        try (CompletionClient client = new CompletionClient(connection, topics)) {

            // Then
            assertThatThrownBy(() -> client.complete(request, Duration.ofSeconds(1)))
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageStartingWith("No completion came within 1 s: is a generator running");
        }
    }

    @Test
    void saysWhenNoBrokerAnswers() {
        Connection elsewhere = new Connection("127.0.0.1:1", connection.schemaRegistryUrl());
        assertThatThrownBy(() -> Cluster.requireReachable(elsewhere))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("No Kafka broker answers at 127.0.0.1:1");
    }

    private static void commitIngestOffset(TopicNames topics, TextReceipt receipt) throws Exception {
        try (Admin admin = Cluster.admin(connection)) {
            admin.alterConsumerGroupOffsets(
                            topics.group("ingest"),
                            Map.of(
                                    new TopicPartition(receipt.topic(), receipt.partition()),
                                    new OffsetAndMetadata(receipt.lastOffset() + 1)))
                    .all()
                    .get();
        }
    }

    private static TopicNames topics(String prefix) {
        TopicNames topics = new TopicNames(prefix);
        TopicProvisioner.ensure(connection, topics, 4, EnumSet.allOf(Topic.class));
        return topics;
    }

    private static List<String> sameCorpusPartition(String corpus) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "loud-" + i)
                .filter(name -> new CorpusPartition(4).of(name) == new CorpusPartition(4).of(corpus))
                .toList();
    }

    private static CorpusSpec spec(NormalizerKind normalizer) {
        return CorpusSpec.newBuilder()
                .setNormalizer(normalizer)
                .setTraining(TrainingSpec.newBuilder().build())
                .build();
    }
}

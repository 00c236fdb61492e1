package io.inkstream.corpuslog.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicProvisioningTest {

    private static final Set<Topic> ALL = EnumSet.allOf(Topic.class);

    @TempDir
    private static Path data;

    private static EmbeddedBroker broker;
    private static Connection connection;
    private static Admin admin;

    @BeforeAll
    static void startBroker() {
        broker = new EmbeddedBroker(new BrokerSettings(data, 0));
        broker.start();
        connection = new Connection(broker.bootstrapServers(), "http://127.0.0.1:1");
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void createsEveryTopicWithItsSettings() throws Exception {
        // Given
        TopicNames names = new TopicNames("all");

        // When
        TopicProvisioner.ensure(connection, names, 3, ALL);

        // Then
        for (Topic topic : ALL) {
            assertThat(partitions(names.of(topic))).as(topic.suffix()).isEqualTo(3);
            Config config = config(names.of(topic));
            topic.settings()
                    .forEach((setting, value) -> assertThat(config.get(setting).value())
                            .as("%s of %s", setting, topic)
                            .isEqualTo(value));
        }
        // and a second time nothing is left to do
        TopicProvisioner.ensure(connection, names, 8, ALL);
        assertThat(partitions(names.of(Topic.TEXT))).isEqualTo(3);
    }

    @Test
    void severalServicesProvisionAtOnce() throws Exception {
        // Given
        TopicNames names = new TopicNames("crowd");
        ExecutorService services = Executors.newFixedThreadPool(4);

        // When
        List<Future<?>> ends = List.of(
                services.submit(() -> TopicProvisioner.ensure(connection, names, 4, ALL)),
                services.submit(() -> TopicProvisioner.ensure(connection, names, 4, ALL)),
                services.submit(() -> TopicProvisioner.ensure(connection, names, 4, ALL)),
                services.submit(() -> TopicProvisioner.ensure(connection, names, 4, ALL)));

        // Then
        for (Future<?> end : ends) {
            end.get(60, TimeUnit.SECONDS);
        }
        services.shutdown();
        assertThat(partitions(names.of(Topic.MODELS))).isEqualTo(4);
    }

    @Test
    void topicsTakeTheFirstRecordThatIsSentOnceTheyAreThere() {
        // Given a producer that already knows the broker
        Map<String, Object> properties = connection.clientProperties();
        properties.put("linger.ms", 0);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int round = 0; round < 10; round++) {
                // When
                TopicNames names = new TopicNames("first" + round);
                TopicProvisioner.ensure(connection, names, 4, ALL);
                for (Topic topic : ALL) {
                    for (int partition = 0; partition < 4; partition++) {
                        Future<RecordMetadata> unused = producer.send(
                                new ProducerRecord<>(names.of(topic), partition, new byte[1], new byte[1]));
                    }
                }
                producer.flush();
            }

            // Then none was sent twice
            assertThat(total(producer, "record-send-total")).isEqualTo(10 * ALL.size() * 4);
            assertThat(total(producer, "record-retry-total")).isZero();
        }
    }

    @Test
    void followsThePartitionCountOfATopicThatTheUserMade() throws Exception {
        // Given
        TopicNames names = new TopicNames("mine");
        create(names.of(Topic.TEXT), 6, Map.of());

        // When
        TopicProvisioner.ensure(connection, names, 4, ALL);

        // Then
        assertThat(partitions(names.of(Topic.TOKENS))).isEqualTo(6);
        assertThat(partitions(names.of(Topic.PREFIXES))).isEqualTo(4);
    }

    @Test
    void rejectsTokensWithTheBrokersOwnRetention() throws Exception {
        // Given a topic made by hand, which the broker deletes after seven days
        TopicNames names = new TopicNames("byhand");
        create(names.of(Topic.TOKENS), 4, Map.of());

        // When, then
        assertThatThrownBy(() -> TopicProvisioner.ensure(connection, names, 4, ALL))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("Topic byhand.tokens has retention.ms=604800000")
                .hasMessageContaining("--bootstrap-server " + broker.bootstrapServers());
        assertThat(admin.listTopics().names().get()).doesNotContain("byhand.models");
    }

    @Test
    void rejectsAModelsTopicThatIsNotCompacted() throws Exception {
        // Given
        TopicNames names = new TopicNames("deleting");
        create(names.of(Topic.MODELS), 4, Map.of());

        // When, then
        assertThatThrownBy(() -> TopicProvisioner.ensure(connection, names, 4, Set.of(Topic.MODELS)))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("Topic deleting.models has cleanup.policy=delete");
    }

    @Test
    void rejectsTopicsToWhichPartitionsWereAddedAfterIngestFirstRan() throws Exception {
        // Given
        TopicNames names = new TopicNames("grown");
        TopicProvisioner.ensure(connection, names, 2, ALL);
        create(names.stateOfCorpora(), 2, Map.of("cleanup.policy", "compact"));
        TopicProvisioner.ensure(connection, names, 2, ALL);

        // When all topics get more
        admin.createPartitions(ALL.stream().collect(Collectors.toMap(names::of, topic -> NewPartitions.increaseTo(4))))
                .all()
                .get(30, TimeUnit.SECONDS);
        for (Topic topic : ALL) {
            awaitPartitions(names.of(topic), 4);
        }

        // Then whoever works with any of them refuses
        for (Topic topic : ALL) {
            assertThatThrownBy(() -> TopicProvisioner.ensure(connection, names, 4, Set.of(topic)))
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageStartingWith(
                            "The topics that are keyed by corpus have 4 partitions, but had 2 when ingest "
                                    + "first ran (as grown-ingest-states-changelog still has)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
    void brokersRejectARecordThatIsSmallOnlyWhenCompressed(String compression) {
        // Given
        TopicNames names = new TopicNames("bombs");
        TopicProvisioner.ensure(connection, names, 1, ALL);
        Map<String, Object> properties = connection.clientProperties();
        properties.put("compression.type", compression);
        properties.put("max.request.size", 64 * 1024 * 1024);
        byte[] zeros = new byte[16 * 1024 * 1024];
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Topic topic : ALL) {
                // When
                Future<RecordMetadata> bomb = producer.send(new ProducerRecord<>(names.of(topic), new byte[1], zeros));

                // Then
                assertThatThrownBy(bomb::get).as("%s", topic).cause().isInstanceOf(RecordTooLargeException.class);
            }
            // and what is not too large is taken, compressed or not
            assertThatCode(() -> producer.send(new ProducerRecord<>(
                                    names.of(Topic.TEXT), new byte[1], "a line".getBytes(StandardCharsets.UTF_8)))
                            .get())
                    .doesNotThrowAnyException();
        }
    }

    private static double total(KafkaProducer<?, ?> producer, String metric) {
        return producer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(metric)
                        && entry.getKey().group().equals("producer-metrics"))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .sum();
    }

    private static void create(String topic, int partitions, Map<String, String> settings) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings)))
                .all()
                .get(30, TimeUnit.SECONDS);
        awaitPartitions(topic, partitions);
    }

    /** A broker lists a new topic only after it has read its creation in the metadata log. */
    private static void awaitPartitions(String topic, int count) {
        Awaitility.await().ignoreExceptions().atMost(Duration.ofSeconds(30)).until(() -> partitions(topic) == count);
    }

    private static int partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic)
                .partitions()
                .size();
    }

    private static Config config(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(resource);
    }
}

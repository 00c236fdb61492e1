package io.inkstream.systemtests.outages;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import io.inkstream.launcher.services.Pipeline;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.PrefixRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each service has a record that it cannot read or write without the registry. */
class RegistryOutageTest {

    private static final TopicNames TOPICS = new TopicNames("reg");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path data;

    private EmbeddedBroker broker;
    private EmbeddedRegistry registry;
    private Connection connection;
    private Pipeline pipeline;

    @BeforeEach
    void start() {
        broker = new EmbeddedBroker(new BrokerSettings(data, 0));
        broker.start();
        startRegistry(0);
        connection = new Connection(broker.bootstrapServers(), registry.url());
        startPipeline();
    }

    @AfterEach
    void stop() {
        pipeline.close();
        registry.close();
        broker.close();
    }

    @Test
    void everyServiceThatNeedsTheRegistryReportsTheOutageAndResumesAfterIt() throws Exception {
        // Given token blocks on the topic, and stopped services
        awaitHealth(Health::ready);
        send(Topic.TEXT, "wells", "the planet mars\n".getBytes(StandardCharsets.UTF_8));
        awaitTokens(1);
        pipeline.close();

        // When they restart, with more text and a request, while the registry is down
        send(Topic.TEXT, "wells", "i scarcely need remind\n".getBytes(StandardCharsets.UTF_8));
        send(Topic.PREFIXES, "request", encoded());
        String url = registry.url();
        registry.close();
        startPipeline();

        // Then
        awaitHealth(health -> health.live()
                && !health.ready()
                && health.detail()
                        .matches("The registry at %s has been unavailable for \\d+ s; retrying".formatted(url)));

        // When
        startRegistry(URI.create(url).getPort());

        // Then
        awaitHealth(Health::ready);
        awaitTokens(2);
    }

    private void awaitHealth(Predicate<Health> expected) {
        Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(pipeline.services())
                .extracting(Service::health)
                .allMatch(expected));
    }

    private void startRegistry(int port) {
        registry = new EmbeddedRegistry(Map.of("bootstrap.servers", broker.bootstrapServers()), port);
        registry.start();
    }

    private void startPipeline() {
        pipeline = new Pipeline(
                connection,
                TOPICS,
                new ServiceSettings(1, "auto", "cpu", 1, Duration.ofSeconds(1), 0),
                new SimpleMeterRegistry());
        pipeline.start();
    }

    private byte[] encoded() {
        try (Serde<PrefixRequest> serde = RecordSerdes.serde(connection, PrefixRequest.class)) {
            return serde.serializer()
                    .serialize(
                            TOPICS.of(Topic.PREFIXES),
                            PrefixRequest.newBuilder()
                                    .setCorpus("nobody")
                                    .setPrefix("a")
                                    .build());
        }
    }

    private void send(Topic topic, String key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPICS.of(topic), key.getBytes(StandardCharsets.UTF_8), value))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** Waits until this many records are committed, not counting transaction markers. */
    private void awaitTokens(int count) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("isolation.level", "read_committed");
        TopicPartition partition = new TopicPartition(TOPICS.of(Topic.TOKENS), 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            Awaitility.await().atMost(TIMEOUT).until(() -> {
                consumer.seekToBeginning(List.of(partition));
                return consumer.poll(Duration.ofSeconds(1)).count() >= count;
            });
        }
    }
}

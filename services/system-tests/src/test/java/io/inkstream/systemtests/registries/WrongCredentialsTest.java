package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.registry.AvroSerde;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.testsupport.BrokerFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A registry behind a gateway that asks for a password, and services that have a wrong one. */
@Tag("full")
class WrongCredentialsTest {

    private static final String USER_INFO = "inkstream:secret";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "io.inkstream.platform.registry.AvroSerde, false",
        "io.inkstream.systemtests.registries.ConfluentSerde, true"
    })
    void everyServiceEndsWithASentenceAboutThem(String serdeClass, boolean html) throws Exception {
        String prefix = "wrong-credentials-" + serdeClass.replaceAll(".*\\.", "") + html;
        Connection shared = BrokerFixture.get().connection();
        try (RegistryGateway gateway = new RegistryGateway(shared.schemaRegistryUrl(), USER_INFO)) {
            // Given a model that was trained with the right password
            Connection right = connection(gateway, serdeClass, USER_INFO);
            try (PipelineRun pipeline = new PipelineRun(right, prefix)) {
                pipeline.turnsTextIntoVerifiedCompletions(folder);
            }

            // When, with the wrong one, there is text to read and a prefix to complete
            if (html) {
                gateway.answerInHtml();
            }
            TopicNames topics = new TopicNames(prefix);
            send(right, topics.of(Topic.TEXT), "tides", "and the tide turned\n".getBytes(StandardCharsets.UTF_8));
            send(right, topics.of(Topic.PREFIXES), "request", request(shared, topics));
            try (PipelineRun pipeline = new PipelineRun(connection(gateway, serdeClass, "inkstream:another"), prefix)) {
                // Then
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                                pipeline.services().services())
                        .extracting(Service::health)
                        .allSatisfy(health -> {
                            assertThat(health.live()).isFalse();
                            assertThat(health.detail())
                                    .startsWith("The schema registry rejected ")
                                    .contains(gateway.url(), "401", "Unauthorized")
                                    .endsWith(
                                            "Check the credentials (basic.auth.credentials.source, basic.auth.user.info).")
                                    .doesNotContain("another");
                        }));
            }

            // And nothing was rejected for it: with the right one the services continue
            try (PipelineRun pipeline = new PipelineRun(right, prefix)) {
                pipeline.awaitReady();
                pipeline.assertNoDeadLetters();
            }
        }
    }

    private static Connection connection(RegistryGateway gateway, String serdeClass, String userInfo) {
        return new Connection(
                BrokerFixture.get().connection().bootstrapServers(),
                gateway.url(),
                serdeClass,
                Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", userInfo));
    }

    private static byte[] request(Connection connection, TopicNames topics) {
        try (Serializer<PrefixRequest> serializer = RecordSerdes.serializer(new Connection(
                connection.bootstrapServers(), connection.schemaRegistryUrl(), AvroSerde.class.getName(), Map.of()))) {
            return serializer.serialize(
                    topics.of(Topic.PREFIXES),
                    PrefixRequest.newBuilder()
                            .setCorpus("tides")
                            .setPrefix("the tide")
                            .build());
        }
    }

    private static void send(Connection connection, String topic, String key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                connection.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
                    .get(30, TimeUnit.SECONDS);
        }
    }
}

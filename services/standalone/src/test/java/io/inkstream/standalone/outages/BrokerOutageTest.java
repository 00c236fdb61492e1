package io.inkstream.standalone.outages;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.standalone.broker.BrokerProcess;
import io.inkstream.standalone.client.CompletionClient;
import io.inkstream.standalone.registry.EmbeddedRegistry;
import io.inkstream.standalone.stack.Pipeline;
import io.inkstream.standalone.stack.ServiceSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker is a process of its own, which is killed and started again on the same folder and port. */
class BrokerOutageTest {

    private static final TopicNames TOPICS = new TopicNames("out");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path data;

    private Process broker;
    private String address;
    private EmbeddedRegistry registry;
    private Connection connection;
    private Pipeline pipeline;

    @BeforeEach
    void start() throws Exception {
        startBroker(0);
        registry = new EmbeddedRegistry(Map.of("bootstrap.servers", address), 0);
        registry.start();
        connection = new Connection(address, registry.url());
        pipeline = new Pipeline(
                connection,
                TOPICS,
                new ServiceSettings(2, "cpu", 1, Duration.ofSeconds(1), 0),
                new SimpleMeterRegistry());
        pipeline.start();
        awaitReady();
    }

    @AfterEach
    void stop() {
        pipeline.close();
        registry.close();
        broker.destroyForcibly();
    }

    @Test
    void everyServiceSaysThatTheBrokerIsAwayAndGoesOnWhenItIsBack() throws Exception {
        // When
        broker.destroyForcibly().waitFor();

        // Then
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(pipeline.services())
                .extracting(Service::health)
                .allSatisfy(health -> assertThat(health.detail())
                        .matches("Kafka does not answer at %s since \\d+ s; trying again".formatted(address))));
        // And they stay at that, and alive, for longer than a session, a transaction and a request may take
        Awaitility.await()
                .during(Duration.ofSeconds(30))
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(pipeline.services())
                        .extracting(Service::health)
                        .allMatch(Health::live)
                        .noneMatch(Health::ready));

        // When
        startBroker(Integer.parseInt(address.substring(address.indexOf(':') + 1)));

        // Then
        awaitReady();
        try (CompletionClient client = new CompletionClient(connection, TOPICS)) {
            assertThat(client.complete(
                                    PrefixRequest.newBuilder()
                                            .setCorpus("nobody")
                                            .setPrefix("a")
                                            .build(),
                                    PATIENCE)
                            .getError())
                    .contains("no corpus 'nobody'");
        }
    }

    private void awaitReady() {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(pipeline.services())
                .extracting(Service::health)
                .allMatch(Health::ready));
    }

    private void startBroker(int port) throws IOException {
        broker = BrokerProcess.spawn(data, port);
        try (BufferedReader output = broker.inputReader(StandardCharsets.UTF_8)) {
            address = output.readLine();
        }
    }
}

package io.inkstream.systemtests.outages;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.client.CompletionClient;
import io.inkstream.client.Corpora;
import io.inkstream.client.SpecPublisher;
import io.inkstream.client.TextProducer;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import io.inkstream.launcher.services.Pipeline;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.PrefixRequest;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.InkstreamProcess;
import io.inkstream.systemtests.processes.BrokerProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker runs in its own process, which is killed and restarted with the same data and port. */
class BrokerOutageTest {

    private static final TopicNames TOPICS = new TopicNames("out");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SESSION = Duration.ofSeconds(3);
    private static final Duration TRAINING = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private InkstreamProcess broker;
    private String address;
    private EmbeddedRegistry registry;
    private Connection connection;
    private Pipeline pipeline;

    @BeforeEach
    void start() {
        startBroker(0);
        registry = new EmbeddedRegistry(Map.of("bootstrap.servers", address), 0);
        registry.start();
        connection = new Connection(
                address,
                registry.url(),
                Connection.DEFAULT_SERDE_CLASS,
                Map.of(
                        "session.timeout.ms",
                        Long.toString(SESSION.toMillis()),
                        "heartbeat.interval.ms",
                        Long.toString(SECOND.toMillis())));
        pipeline = new Pipeline(
                connection,
                TOPICS,
                new ServiceSettings(2, "auto", "cpu", 1, Duration.ofSeconds(1), 0),
                new SimpleMeterRegistry());
        pipeline.start();
        awaitReady();
    }

    @AfterEach
    void stop() {
        pipeline.close();
        registry.close();
        broker.close();
    }

    /** Kills the broker while a corpus is trained, and restarts it after more than a session timeout. */
    @Test
    void everyServiceReportsTheOutageAndResumesAfterIt() {
        // Given a corpus in training
        Corpora corpora = new Corpora(connection, TOPICS);
        produce("the old press drew in its breath and wrote\n".repeat(100));
        new SpecPublisher(connection, TOPICS).publish("press", spec());
        Awaitility.await().atMost(TIMEOUT).pollInterval(SECOND).until(() -> corpora.newestCheckpoint("press")
                .isPresent());

        // When
        broker.kill();

        // Then
        Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(pipeline.services())
                .extracting(Service::health)
                .allSatisfy(health -> assertThat(health.detail())
                        .matches("Kafka at %s has been unavailable for \\d+ s; retrying".formatted(address))));
        // And they stay live, and not ready, for longer than a session timeout
        Awaitility.await()
                .during(SESSION.plus(SECOND))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(pipeline.services())
                        .extracting(Service::health)
                        .allMatch(Health::live)
                        .noneMatch(Health::ready));

        // When
        startBroker(Integer.parseInt(address.substring(address.indexOf(':') + 1)));

        // Then
        awaitReady();
        produce("and the river wrote it down\n".repeat(100));
        // And later text is learned, too: the first has 4,300 characters
        Awaitility.await().atMost(TRAINING).pollInterval(SECOND).untilAsserted(() -> assertThat(corpora.states())
                .singleElement()
                .satisfies(state -> {
                    CheckpointManifest newest = state.newestCheckpoint().orElseThrow();
                    assertThat(newest.getFinished()).as("%s", state.progress()).isTrue();
                    assertThat(newest.getSource().getEndPosition()).isGreaterThan(5_000);
                }));
        try (CompletionClient client = new CompletionClient(connection, TOPICS)) {
            PrefixRequest request = PrefixRequest.newBuilder()
                    .setCorpus("press")
                    .setPrefix("the old")
                    .build();
            assertThat(client.complete(request, TIMEOUT).getError()).isNull();
        }
    }

    private void produce(String text) {
        try (TextProducer producer = new TextProducer(connection, TOPICS, "press")) {
            producer.send(text.getBytes(StandardCharsets.UTF_8));
            producer.flush();
        }
    }

    private static CorpusSpec spec() {
        return new CorpusSpec(
                TokenizerKind.CHARACTERS,
                NormalizerKind.LETTERS,
                false,
                List.of(),
                TrainingSpec.newBuilder()
                        .setCell(CellKind.GRU)
                        .setHidden(16)
                        .setBatch(8)
                        .setWindow(8)
                        .setEpochs(80)
                        .build());
    }

    private void awaitReady() {
        Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(pipeline.services())
                .extracting(Service::health)
                .allMatch(Health::ready));
    }

    private void startBroker(int port) {
        broker = InkstreamProcess.java(
                folder,
                "broker",
                List.of("-Xmx512m"),
                Map.of(),
                BrokerProcess.class.getName(),
                List.of(folder.resolve("data").toString(), Integer.toString(port), "0"));
        address = broker.awaitOutput("Listening on (\\S+)");
    }
}

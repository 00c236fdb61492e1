package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.inkstream.client.Corpora;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.services.Services;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.stacks.KafkaStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each service in a process of its own, against a broker and a registry that are in none of them; commands as a user types them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PipelineScenario {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final TopicNames TOPICS = new TopicNames(TopicNames.DEFAULT_PREFIX);
    private static final int SIGTERM = 143;

    /** So that a killed trainer's partitions are free sooner; brokers allow no shorter ones by default. */
    private static final Map<String, String> SHORT_SESSIONS =
            Map.of("KAFKA_SESSION_TIMEOUT_MS", "6000", "KAFKA_HEARTBEAT_INTERVAL_MS", "2000");

    private Path folder;
    private KafkaStack stack;
    private Path story;
    private final Map<String, InkstreamProcess> services = new LinkedHashMap<>();

    /** Starts what the scenario is played on; may skip it. */
    abstract KafkaStack startStack(Path folder);

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        stack = startStack(folder);
        story = Stack.story(folder);
        Services.NAMES.forEach(this::startService);
        services.values().forEach(this::awaitReady);
        run("produce", "--corpus", "story", story.toString());
    }

    /** Every service ends on SIGTERM, without an error. */
    @AfterAll
    void stop() {
        try {
            for (InkstreamProcess service : services.values()) {
                assertThat(service.terminate()).as(service.errors()).isEqualTo(SIGTERM);
                assertThat(service.errors()).doesNotContain("Exception");
            }
        } finally {
            services.values().forEach(InkstreamProcess::close);
            if (stack != null) {
                stack.close();
            }
        }
    }

    @Test
    void turnsABookIntoCompletionsThatCanBeTraced() {
        // When
        run("train", "--corpus", "story", "--hidden", "32", "--max-tokens", "10000", "--epochs", "5");
        String[] complete = {
            "complete",
            "--corpus",
            "story",
            "--wait",
            "60",
            "--json",
            "--temperature",
            "0.7",
            "--seed",
            "7",
            "--max-tokens",
            "30",
            "the old press"
        };
        await().atMost(TIMEOUT)
                .until(() -> run(complete).json().at("/checkpoint/epoch").asInt() == 5);
        JsonNode once = run(complete).json();
        JsonNode again = run(complete).json();

        // Then the same seed and checkpoint give the same text
        assertThat(once.path("text").asText()).hasSize(30);
        assertThat(again.path("text")).isEqualTo(once.path("text"));
        assertThat(again.at("/checkpoint/sha256")).isEqualTo(once.at("/checkpoint/sha256"));

        // And the offsets of its source text are reported
        assertThat(once.at("/checkpoint/source/endPosition").asLong()).isEqualTo(10_000);
        assertThat(once.at("/checkpoint/source/lastTextOffset").isIntegralNumber())
                .isTrue();
    }

    @Test
    void aModelWhoseTrainerWasKilledIsVerified() {
        // Given a corpus in training
        run("produce", "--corpus", "killed", story.toString());
        run("train", "--corpus", "killed", "--hidden", "32", "--max-tokens", "10000", "--epochs", "60");
        awaitCheckpoint("killed", 3);

        // When
        services.get("trainer").kill();
        startService("trainer");

        // Then another trainer resumes, and training again without a kill gives the same weights
        CheckpointManifest last = awaitCheckpoint("killed", 60);
        assertThat(run("verify", "--corpus", "killed").output())
                .contains(last.getSha256().substring(0, 10));
    }

    @Test
    void textWithoutAKeyBecomesADeadLetter() throws Exception {
        // When
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                stack.connection().clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPICS.of(Topic.TEXT), "whose?".getBytes(StandardCharsets.UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }

        // Then
        await().atMost(TIMEOUT)
                .until(() -> run("dead-letters").output(), output -> output.contains(TOPICS.of(Topic.TEXT)));
    }

    private CheckpointManifest awaitCheckpoint(String corpus, int epoch) {
        Corpora corpora = new Corpora(stack.connection(), TOPICS);
        return await().atMost(TIMEOUT)
                .until(
                        () -> corpora.newestCheckpoint(corpus),
                        newest -> newest.isPresent() && newest.get().getEpoch() >= epoch)
                .orElseThrow();
    }

    private void startService(String name) {
        services.put(
                name,
                InkstreamProcess.start(
                        folder,
                        name,
                        List.of("-Xmx256m"),
                        SHORT_SESSIONS,
                        List.of(command("run", name, "--metrics-port", "0", "--checkpoint-interval", "1"))));
    }

    private void awaitReady(InkstreamProcess service) {
        String address = "http://127.0.0.1:" + service.awaitLog("metricsPort=\"(\\d+)\"");
        await().atMost(TIMEOUT).until(() -> get(address + "/health/ready").statusCode() == 200);
        assertThat(get(address + "/metrics").body()).contains("jvm_memory_used_bytes", "kafka_");
    }

    private InkstreamProcess run(String... command) {
        return InkstreamProcess.run(folder, command(command));
    }

    private String[] command(String... command) {
        List<String> all = new ArrayList<>(Stream.of(command).toList());
        all.addAll(
                1 + (command[0].equals("run") ? 1 : 0),
                List.of(
                        "--bootstrap-servers",
                        stack.connection().bootstrapServers(),
                        "--schema-registry",
                        stack.connection().schemaRegistryUrl()));
        return all.toArray(String[]::new);
    }

    private static HttpResponse<String> get(String url) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(url, e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

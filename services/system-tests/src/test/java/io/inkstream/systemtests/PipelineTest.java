package io.inkstream.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.platform.config.Connection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each service in a process of its own, against a broker and a registry that are in none of them. */
class PipelineTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @Test
    void turnsABookIntoCompletionsThatCanBeTraced() {
        try (EmbeddedCluster cluster = new EmbeddedCluster(folder.resolve("data"), 0, 0, Map.of())) {
            // Given
            cluster.start();
            Connection connection = cluster.connection();
            List<InkstreamProcess> services = new ArrayList<>();
            try {
                for (String service : List.of("ingest", "trainer", "generator")) {
                    services.add(InkstreamProcess.start(
                            folder, List.of("-Xmx256m"), command(connection, "run", service, "--metrics-port", "0")));
                }
                for (InkstreamProcess service : services) {
                    String address = "http://127.0.0.1:" + service.awaitLog("metricsPort=\"(\\d+)\"");
                    await().atMost(TIMEOUT)
                            .until(() -> get(address + "/health/ready").statusCode() == 200);
                    assertThat(get(address + "/metrics").body()).contains("jvm_memory_used_bytes", "kafka_");
                }

                // When
                String story = Stack.story(folder).toString();
                InkstreamProcess.run(folder, command(connection, "produce", "--corpus", "story", story));
                InkstreamProcess.run(
                        folder,
                        command(
                                connection,
                                "train",
                                "--corpus",
                                "story",
                                "--hidden",
                                "32",
                                "--max-tokens",
                                "10000",
                                "--epochs",
                                "5"));
                String[] complete = command(
                        connection,
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
                        "the old press");
                await().atMost(TIMEOUT)
                        .until(() -> InkstreamProcess.run(folder, complete)
                                        .json()
                                        .at("/checkpoint/epoch")
                                        .asInt()
                                == 5);
                JsonNode once = InkstreamProcess.run(folder, complete).json();
                JsonNode again = InkstreamProcess.run(folder, complete).json();

                // Then the same seed and checkpoint give the same text
                assertThat(once.path("text").asText()).hasSize(30);
                assertThat(again.path("text")).isEqualTo(once.path("text"));
                assertThat(again.at("/checkpoint/sha256")).isEqualTo(once.at("/checkpoint/sha256"));

                // And the offsets of its source text are reported
                assertThat(once.at("/checkpoint/source/endPosition").asLong()).isEqualTo(10_000);
                assertThat(once.at("/checkpoint/source/lastTextOffset").isIntegralNumber())
                        .isTrue();

                // And every service ends on SIGTERM
                for (InkstreamProcess service : services) {
                    assertThat(service.terminate()).as(service.errors()).isEqualTo(143);
                    assertThat(service.errors()).doesNotContain("Exception");
                }
            } finally {
                services.forEach(InkstreamProcess::close);
            }
        }
    }

    private static String[] command(Connection connection, String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(
                1 + (command[0].equals("run") ? 1 : 0),
                List.of(
                        "--bootstrap-servers",
                        connection.bootstrapServers(),
                        "--schema-registry",
                        connection.schemaRegistryUrl()));
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

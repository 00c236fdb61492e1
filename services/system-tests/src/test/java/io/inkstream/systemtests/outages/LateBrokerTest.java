package io.inkstream.systemtests.outages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.systemtests.InkstreamProcess;
import io.inkstream.systemtests.processes.FreePorts;
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

/** Services that are started before the broker. */
class LateBrokerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int SIGTERM = 143;
    private static final int LIVE = 200;
    private static final int NOT_READY = 503;
    private static final int READY = 200;

    @TempDir
    private Path folder;

    private final int broker = FreePorts.next();
    private final int registry = FreePorts.next();

    @Test
    void aServiceWaitsForTheBrokerUnlessItIsToldNotTo() throws Exception {
        // Given
        try (InkstreamProcess patient = run("ingest");
                InkstreamProcess stopped = run("generator");
                InkstreamProcess hasty = run("ingest", "--wait-for-kafka", "0")) {
            String health = "http://" + patient.awaitLog("Metrics and health served.* address=\"(\\S+)\"") + "/health/";
            patient.awaitLog("(Waiting for Kafka)");
            stopped.awaitLog("(Waiting for Kafka)");

            // Then it is live meanwhile, and may be stopped
            assertThat(status(health + "live")).isEqualTo(LIVE);
            assertThat(status(health + "ready")).isEqualTo(NOT_READY);
            assertThat(stopped.terminate()).isEqualTo(SIGTERM);
            assertThat(stopped.errors()).doesNotContain("Exception");

            // And one that must not wait has ended with a sentence
            assertThat(hasty.end()).isEqualTo(1);
            assertThat(hasty.errors()).contains("inkstream: No Kafka broker answers at 127.0.0.1:" + broker);

            // When
            try (EmbeddedCluster cluster = new EmbeddedCluster(folder.resolve("data"), broker, registry, Map.of())) {
                cluster.start();

                // Then
                await().atMost(TIMEOUT).until(() -> status(health + "ready") == READY);
                assertThat(patient.terminate()).isEqualTo(SIGTERM);
            }
        }
    }

    private InkstreamProcess run(String service, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                service,
                "--bootstrap-servers",
                "127.0.0.1:" + broker,
                "--schema-registry",
                "http://127.0.0.1:" + registry,
                "--metrics-port",
                "0"));
        arguments.addAll(List.of(options));
        return InkstreamProcess.start(folder, List.of("-Xmx256m"), arguments.toArray(String[]::new));
    }

    private static int status(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}

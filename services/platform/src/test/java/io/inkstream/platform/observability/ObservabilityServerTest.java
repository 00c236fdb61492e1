package io.inkstream.platform.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservabilityServerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final ServiceMetrics metrics = new ServiceMetrics("standalone");
    private final AtomicReference<Health> ingest = new AtomicReference<>(Health.up("reading"));
    private final AtomicReference<Health> trainer = new AtomicReference<>(Health.up("training wells"));
    private final ObservabilityServer server = ObservabilityServer.start(
            ObservabilityServer.LOOPBACK,
            0,
            metrics,
            List.of(new Patient("ingest", ingest), new Patient("trainer", trainer)));

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void servesMetersForPrometheus() throws Exception {
        // Given
        metrics.registry()
                .counter("inkstream.trainer.tokens", "corpus", "wells")
                .increment(350);

        // When
        HttpResponse<String> response = get("/metrics");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body())
                .contains("inkstream_trainer_tokens_total{corpus=\"wells\",service=\"standalone\"} 350.0")
                .contains("jvm_memory_used_bytes{")
                .contains("jvm_gc_")
                .contains("jvm_threads_live_threads{")
                .contains("jvm_classes_loaded_classes{")
                .contains("system_cpu_count{")
                .contains("process_uptime_seconds{")
                .doesNotContain("# EOF");
    }

    @Test
    void servesOpenMetricsOnRequest() throws Exception {
        // When
        HttpResponse<String> response = client.send(
                request("/metrics")
                        .header("Accept", "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(response.body()).endsWith("# EOF\n");
    }

    @Test
    void servesTheMetersOfKafkasClients() throws Exception {
        // Given clients that need not reach anything
        Map<String, Object> properties = Map.of("bootstrap.servers", "127.0.0.1:1", "client.id", "test");
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                AdminClient admin = AdminClient.create(properties);
                var consumerMeters = KafkaMeters.bind(metrics.registry(), consumer);
                var producerMeters = KafkaMeters.bind(metrics.registry(), producer);
                var adminMeters = KafkaMeters.bind(metrics.registry(), admin)) {

            // When
            String body = get("/metrics").body();

            // Then
            assertThat(List.of(consumerMeters, producerMeters, adminMeters)).doesNotContainNull();
            assertThat(body)
                    .contains("kafka_consumer_connection_count")
                    .contains("kafka_producer_connection_count")
                    .contains("kafka_admin_client_connection_count");
        }
    }

    @Test
    void isUpWhenEveryServiceIs() throws Exception {
        // When
        HttpResponse<String> live = get("/health/live");
        HttpResponse<String> ready = get("/health/ready");

        // Then
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json(ready)).isEqualTo(new ObjectMapper().readTree("""
                {"status":"UP","services":{
                  "ingest":{"live":true,"ready":true,"detail":"reading"},
                  "trainer":{"live":true,"ready":true,"detail":"training wells"}}}
                """));
    }

    @Test
    void isLiveButNotReadyWhileAServiceWaits() throws Exception {
        // Given
        trainer.set(Health.waiting("reading tokens"));

        // When, then
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(json(ready).path("status").asText()).isEqualTo("DOWN");
        assertThat(json(ready).at("/services/trainer/detail").asText()).isEqualTo("reading tokens");
    }

    @Test
    void isNotLiveWhenAServiceIsBroken() throws Exception {
        // Given
        ingest.set(Health.down("the topology failed"));

        // When, then
        assertThat(get("/health/live").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metric", "/metrics/", "/health", "/health/live/x"})
    void knowsNoOtherPath(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void changesNothingOnRequest() throws Exception {
        // When
        HttpResponse<String> response =
                client.send(request("/metrics").DELETE().build(), HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(response.statusCode()).isEqualTo(405);
    }

    @Test
    void answersHeadWithoutBody() throws Exception {
        // When
        HttpResponse<String> response = client.send(
                request("/health/ready")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void rejectsAPortThatIsTaken() {
        assertThatThrownBy(() ->
                        ObservabilityServer.start(ObservabilityServer.LOOPBACK, server.port(), metrics, List.of()))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("Metrics and health cannot be served on 127.0.0.1:" + server.port());
    }

    @Test
    void answersBesideClientsThatSendHalfARequest() throws Exception {
        // Given
        List<Socket> halves = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket half = new Socket(InetAddress.getLoopbackAddress(), server.port());
                halves.add(half);
                half.getOutputStream()
                        .write("GET /health/live HTTP/1.1\r\nHost: a".getBytes(StandardCharsets.US_ASCII));
            }

            // When, then
            for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
                HttpResponse<String> response = client.send(
                        request(path).timeout(Duration.ofSeconds(1)).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(200);
            }

            // And those are cut off in time
            for (Socket half : halves) {
                half.setSoTimeout(20_000);
                assertThat(endOf(half)).isEqualTo(-1);
            }
        } finally {
            for (Socket half : halves) {
                half.close();
            }
        }
    }

    private static int endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException e) {
            return -1; // cut off with a reset
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    private record Patient(String name, AtomicReference<Health> state) implements Service {

        @Override
        public void start() {}

        @Override
        public Health health() {
            return state.get();
        }

        @Override
        public void close() {}
    }
}

package io.inkstream.systemtests.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** A Prometheus on this machine, asked over HTTP. */
final class PrometheusApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    /** The Prometheus at a loopback port. */
    PrometheusApi(int port) {
        this.port = port;
    }

    /** True when it serves queries. */
    boolean ready() {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /**
     * Evaluates an expression now.
     *
     * @return the values that are numbers
     */
    List<Double> query(String expression) {
        JsonNode result = data("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        return StreamSupport.stream(result.get("result").spliterator(), false)
                .map(sample -> Double.valueOf(sample.at("/value/1").asText().replace("Inf", "Infinity")))
                .filter(value -> !value.isNaN())
                .toList();
    }

    /** The names of the alerts that fire now. */
    List<String> firing() {
        return StreamSupport.stream(data("/api/v1/alerts").get("alerts").spliterator(), false)
                .filter(alert -> alert.get("state").asText().equals("firing"))
                .map(alert -> alert.at("/labels/alertname").asText())
                .toList();
    }

    private JsonNode data(String path) {
        HttpResponse<String> response = get(path);
        try {
            JsonNode answer = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new AssertionError("Prometheus rejects %s: %s".formatted(path, answer));
            }
            return answer.get("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> get(String path) {
        URI address = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
        try {
            return http.send(
                    HttpRequest.newBuilder(address).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

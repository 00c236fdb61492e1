package io.inkstream.platform.observability;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.http.BoundedHttpServer;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics and health of a process over HTTP: {@code /metrics} for Prometheus, {@code /health/live} and {@code
 * /health/ready} (200, or 503 if a service is not) for what restarts and routes. A slow client does not hold up others.
 */
public final class ObservabilityServer implements AutoCloseable {

    /** The address unless another is configured: what is served has no password. */
    public static final String LOOPBACK = "127.0.0.1";

    private static final Logger log = LoggerFactory.getLogger(ObservabilityServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BoundedHttpServer server;
    private final ServiceMetrics metrics;
    private final Collection<Service> services;

    private ObservabilityServer(
            BoundedHttpServer server, ServiceMetrics metrics, Collection<? extends Service> services) {
        this.server = server;
        this.metrics = metrics;
        this.services = List.copyOf(services);
    }

    /**
     * Starts to serve.
     *
     * @param host the address to listen on, for instance {@link #LOOPBACK}
     * @param port the port; 0: any free one
     * @param services whose health is reported
     * @throws InkstreamException if the address or the port is unavailable
     */
    public static ObservabilityServer start(
            String host, int port, ServiceMetrics metrics, Collection<? extends Service> services) {
        BoundedHttpServer server;
        try {
            // All addresses of a name are one machine's here: any of them serves.
            InetAddress address = InetAddress.getAllByName(host)[0];
            server = BoundedHttpServer.bind(new InetSocketAddress(address, port), "observability");
        } catch (IOException | IllegalArgumentException e) {
            throw new InkstreamException(
                    "Metrics and health cannot be served on %s:%d (%s): stop what uses that port, or choose another one."
                            .formatted(host, port, e.getMessage()),
                    e);
        }
        ObservabilityServer observability = new ObservabilityServer(server, metrics, services);
        services.forEach(service -> Gauge.builder("inkstream.ready", service, ObservabilityServer::ready)
                .description("1 while the service does its work, as /health/ready reports it; else 0")
                .tag("component", service.name())
                .strongReference(true)
                .register(metrics.registry()));
        server.start(observability::handle);
        log.atInfo()
                .addKeyValue("address", "%s:%d".formatted(host, observability.port()))
                .log("Metrics and health served");
        return observability;
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            respond(exchange).send(exchange);
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("path", exchange.getRequestURI().getPath())
                    .setCause(e)
                    .log("Request failed");
            throw e;
        }
    }

    private Response respond(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Response.text(405, "Only GET and HEAD are supported.\n");
        }
        return switch (exchange.getRequestURI().getPath()) {
            case "/metrics" -> {
                MetricsFormat format =
                        MetricsFormat.acceptedBy(exchange.getRequestHeaders().getFirst("Accept"));
                yield new Response(200, format.contentType(), metrics.scrape(format));
            }
            case "/health/live" -> health(HealthReport.liveness(services));
            case "/health/ready" -> health(HealthReport.readiness(services));
            default -> Response.text(404, "There are /metrics, /health/live and /health/ready.\n");
        };
    }

    private static double ready(Service service) {
        Health health = service.health();
        return health.live() && health.ready() ? 1 : 0;
    }

    private static Response health(HealthReport report) throws IOException {
        int status = report.status().equals(HealthReport.UP) ? 200 : 503;
        return new Response(status, "application/json", JSON.writeValueAsString(report));
    }

    /** An HTTP response. */
    private record Response(int status, String contentType, String body) {

        static Response text(int status, String body) {
            return new Response(status, "text/plain; charset=utf-8", body);
        }

        void send(HttpExchange exchange) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }
    }
}

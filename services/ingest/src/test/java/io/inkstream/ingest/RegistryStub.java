package io.inkstream.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A stub of a schema registry: registers schemas and finds them by id, without compatibility checks. */
final class RegistryStub implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> schemas = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean outOfOrder;

    RegistryStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/subjects", this::register);
        server.createContext("/schemas/ids", this::find);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Whether it answers 503. */
    void outOfOrder(boolean now) {
        outOfOrder = now;
    }

    /** The number of requests so far. */
    int asked() {
        return asked.get();
    }

    private void register(HttpExchange exchange) throws IOException {
        String schema = JSON.readTree(exchange.getRequestBody()).get("schema").asText();
        synchronized (schemas) {
            if (!schemas.contains(schema)) {
                schemas.add(schema);
            }
        }
        answer(exchange, JSON.valueToTree(Map.of("id", schemas.indexOf(schema) + 1)));
    }

    private void find(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        int id = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
        answer(exchange, JSON.valueToTree(Map.of("schema", schemas.get(id - 1))));
    }

    private void answer(HttpExchange exchange, JsonNode body) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            if (outOfOrder) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            byte[] bytes = JSON.writeValueAsBytes(body);
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

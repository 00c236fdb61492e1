package io.inkstream.platform.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.inkstream.platform.http.BoundedHttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as a registry does, as far as the client asks; it can be told to fail, and it remembers what it was asked. */
final class StubRegistry implements AutoCloseable {

    /** An answer that is given once, before anything else. */
    record Answer(int status, String body) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<Integer>> subjects = new ConcurrentHashMap<>();
    private final List<String> schemas = new CopyOnWriteArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private BoundedHttpServer server;
    private int port;

    StubRegistry() {
        up();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /** Begins to listen, on the same port as before. */
    void up() {
        try {
            server = BoundedHttpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "stub");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = server.port();
        server.start(this::handle);
    }

    /** No longer listens: connections are refused. */
    void down() {
        server.close();
    }

    /** Makes the next answer this one. */
    void answerNext(int status, String body) {
        answers.add(new Answer(status, body));
    }

    /** Puts a schema in; the id is its place. */
    int add(String subject, String schema) {
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        int id = schemas.indexOf(schema) + 1;
        subjects.computeIfAbsent(subject, s -> new CopyOnWriteArrayList<>()).add(id);
        return id;
    }

    /** What was asked, for instance {@code GET /schemas/ids/1}. */
    List<String> requests() {
        return new ArrayList<>(requests);
    }

    List<String> authorizations() {
        return new ArrayList<>(authorizations);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Answer told = answers.poll();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer answer = told != null ? told : answer(path.substring(1).split("/"), body);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Answer answer(String[] path, String body) throws IOException {
        if (path[0].equals("schemas")) {
            int id = Integer.parseInt(path[2]);
            return id <= schemas.size()
                    ? new Answer(200, schema(id).toString())
                    : new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
        }
        String subject = URLDecoder.decode(path[1], StandardCharsets.UTF_8);
        List<Integer> versions = subjects.getOrDefault(subject, List.of());
        if (path.length == 4) {
            if (versions.isEmpty()) {
                return new Answer(404, "{\"error_code\":40401,\"message\":\"Subject not found\"}");
            }
            int id = versions.get(versions.size() - 1);
            return new Answer(
                    200,
                    schema(id)
                            .put("subject", subject)
                            .put("version", versions.size())
                            .put("id", id)
                            .toString());
        }
        JsonNode schema = JSON.readTree(body).get("schema");
        if (path.length == 3) {
            return new Answer(200, "{\"id\":" + add(subject, schema.textValue()) + "}");
        }
        int id = schemas.indexOf(schema.textValue()) + 1;
        return versions.contains(id)
                ? new Answer(200, "{\"id\":" + id + "}")
                : new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    }

    private ObjectNode schema(int id) {
        return JSON.createObjectNode().put("schema", schemas.get(id - 1));
    }

    @Override
    public void close() {
        down();
    }
}

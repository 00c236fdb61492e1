package io.inkstream.embedded.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responds in JSON, to rejected requests with Confluent's body: {@code {"error_code": 40401, "message": "…"}}. */
final class HttpApi implements HttpHandler {

    private static final Logger log = LoggerFactory.getLogger(HttpApi.class);
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Routes routes;

    HttpApi(Registry registry) {
        routes = new Routes(registry);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                send(exchange, 200, routes.answer(Call.read(exchange)));
            } catch (RegistryError e) {
                send(exchange, e.status(), error(e.code(), e.getMessage()));
            } catch (RuntimeException e) {
                // An internal error: the server would close the connection without a response.
                log.atError()
                        .addKeyValue("method", exchange.getRequestMethod())
                        .addKeyValue("path", exchange.getRequestURI().getPath())
                        .setCause(e)
                        .log("Request failed");
                send(exchange, 500, error(500, "Internal error: " + e));
            }
        }
    }

    private static String error(int code, @Nullable String message) {
        return JSON.createObjectNode()
                .put("error_code", code)
                .put("message", message)
                .toString();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}

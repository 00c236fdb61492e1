package io.inkstream.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A parsed request.
 *
 * @param method GET, POST, PUT or DELETE
 * @param path the parts of the path, decoded: a subject may hold any character
 * @param query the parameters after the question mark
 * @param body its JSON body; an empty object if it has none
 */
record Call(String method, List<String> path, Map<String, String> query, JsonNode body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** More than a record of the log can hold. */
    private static final int MAX_BODY_BYTES = 1_000_000;

    /** The accepted content types. A page in a browser cannot send any of them here without a preflight request. */
    private static final Set<String> CONTENT_TYPES = Set.of(
            "application/vnd.schemaregistry.v1+json",
            "application/vnd.schemaregistry+json",
            "application/json",
            "application/octet-stream");

    /**
     * Reads a request.
     *
     * @throws RegistryError if it is malformed
     */
    static Call read(HttpExchange exchange) throws IOException {
        String raw = exchange.getRequestURI().getRawPath();
        List<String> path = new ArrayList<>();
        for (String part : raw.split("/", -1)) {
            if (!part.isEmpty()) {
                path.add(decode(part.replace("+", "%2B")));
            }
        }
        Map<String, String> query = new HashMap<>();
        String rawQuery = exchange.getRequestURI().getRawQuery();
        if (rawQuery != null) {
            for (String parameter : rawQuery.split("&", -1)) {
                String[] parts = parameter.split("=", 2);
                query.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
            }
        }
        return new Call(exchange.getRequestMethod(), List.copyOf(path), Map.copyOf(query), body(exchange));
    }

    /** Whether a parameter is true. */
    boolean flag(String name) {
        return query.getOrDefault(name, "false").equalsIgnoreCase("true");
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length == 0) {
            return JSON.createObjectNode();
        }
        if (bytes.length > MAX_BODY_BYTES) {
            throw new RegistryError(413, 413, "The request has more than %d bytes.".formatted(MAX_BODY_BYTES));
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null
                && !CONTENT_TYPES.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
            throw new RegistryError(
                    415,
                    415,
                    "Content type %s is not supported: send application/vnd.schemaregistry.v1+json.".formatted(type));
        }
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            throw new RegistryError(400, 400, "The request is not JSON: " + e.getOriginalMessage());
        }
        throw new RegistryError(400, 400, "The request is not a JSON object.");
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RegistryError(400, 400, "'%s' is not URL-encoded.".formatted(text));
        }
    }
}

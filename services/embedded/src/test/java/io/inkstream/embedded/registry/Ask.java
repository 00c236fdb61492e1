package io.inkstream.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Asks a registry, as curl would. */
final class Ask {

    /** An answer. */
    record Answer(int status, String contentType, String text) {
        JsonNode json() throws Exception {
            return JSON.readTree(text);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String url;

    Ask(String url) {
        this.url = url;
    }

    Answer get(String path) throws Exception {
        return send("GET", path, null, null);
    }

    Answer delete(String path) throws Exception {
        return send("DELETE", path, null, null);
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, body, "application/vnd.schemaregistry.v1+json");
    }

    Answer put(String path, String body) throws Exception {
        return send("PUT", path, body, "application/json; charset=utf-8");
    }

    /** Registers a schema, or whatever else is done by posting one. */
    Answer postSchema(String path, String schema) throws Exception {
        return post(path, JSON.createObjectNode().put("schema", schema).toString());
    }

    Answer send(String method, String path, String body, String contentType) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }
}

package io.inkstream.platform.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks to any schema registry that speaks Confluent's REST API. Safe for use from many threads.
 *
 * <p>A record is not given up because the registry is down for a moment: where no address answers, or all answer with
 * a server error (5xx) or 429, the same request is repeated, after 100 ms, then 200 ms and so on up to 2 s, until
 * {@link RegistryConfig#RETRY_TIMEOUT} is over; the calling thread waits meanwhile. Every request is idempotent:
 * registering a schema that is there already returns its id. After that time a {@link RegistryUnavailableException} is
 * thrown; every other error is a {@link RegistryException} at once.
 */
public final class SchemaRegistryClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SchemaRegistryClient.class);
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 2_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<RegistryEndpoint> endpoints;
    private final Duration readTimeout;
    private final Duration retryTimeout;
    private final RegistryContact contact;
    private final HttpClient http;
    private final ConcurrentMap<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final ConcurrentMap<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The address that answered last. */
    private volatile int preferred;

    /**
     * A client for the registry that the properties name.
     *
     * @param properties see {@link RegistryConfig}; other keys are ignored
     * @throws org.apache.kafka.common.config.ConfigException if a property is missing or unusable
     */
    public SchemaRegistryClient(Map<String, ?> properties) {
        this(new RegistryConfig(properties));
    }

    SchemaRegistryClient(RegistryConfig config) {
        endpoints = config.endpoints();
        readTimeout = config.readTimeout();
        retryTimeout = config.retryTimeout();
        contact = config.contact();
        http = RegistryHttp.client(config.tls());
    }

    /**
     * Registers a schema, or finds it where it is registered already.
     *
     * @param subject the name to register it under, for instance {@code inkstream.tokens-value}
     * @return its id
     * @throws RegistryException if the registry rejects it: 409 incompatible with earlier versions, 422 not valid
     * @throws RegistryUnavailableException if the registry is unavailable
     */
    public int register(String subject, Schema schema) {
        return idOf(subject, schema, "/subjects/" + encode(subject) + "/versions");
    }

    /**
     * The id of a schema that is registered already.
     *
     * @return its id
     * @throws RegistryException with error code 40401 or 40403 if it is not registered under that subject
     * @throws RegistryUnavailableException if the registry is unavailable
     */
    public int id(String subject, Schema schema) {
        return idOf(subject, schema, "/subjects/" + encode(subject));
    }

    /**
     * The schema with an id. Ids never change their meaning, so each is asked for once.
     *
     * @throws RegistryException with error code 40403 if the registry has no such id; with 422 if it is no Avro schema
     * @throws RegistryUnavailableException if the registry is unavailable
     */
    public Schema schema(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        Schema schema = avro("/schemas/ids/" + id, call("GET", "/schemas/ids/" + id, null));
        Schema earlier = schemas.putIfAbsent(id, schema);
        return earlier == null ? schema : earlier;
    }

    /**
     * The newest version of a subject at this moment.
     *
     * @throws RegistryException with error code 40401 if there is no such subject
     * @throws RegistryUnavailableException if the registry is unavailable
     */
    public RegisteredSchema latest(String subject) {
        String path = "/subjects/" + encode(subject) + "/versions/latest";
        JsonNode answer = call("GET", path, null);
        return new RegisteredSchema(
                subject, answer.path("version").asInt(), answer.path("id").asInt(), avro(path, answer));
    }

    /**
     * Asks the registry for something that every registry has, once, so that wrong credentials and certificates show before the
     * first record. A registry that does not answer is not waited for.
     *
     * @throws RegistryAccessException if it rejects this client, or this client does not trust it
     */
    public void requireAccess() {
        for (RegistryEndpoint endpoint : endpoints) {
            try {
                JsonNode unused = ask(endpoint, "GET", "/schemas/types", null);
                return;
            } catch (RegistryAccessException e) {
                throw e;
            } catch (IOException | RegistryException e) {
                // The first record is what needs it, and waits for it.
                log.atDebug().addKeyValue("url", endpoint).setCause(e).log("Schema registry did not answer");
            }
        }
    }

    /** Ends waiting for a registry that is down: calls in progress fail with {@link RegistryUnavailableException}. */
    @Override
    public void close() {
        closed.countDown();
    }

    private int idOf(String subject, Schema schema, String path) {
        // The text, not the schema: two schemas that differ only in their documentation are equal, yet have two ids.
        SubjectSchema key = new SubjectSchema(subject, schema.toString());
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        ObjectNode request = JSON.createObjectNode().put("schema", key.schema());
        JsonNode id = call("POST", path, request).path("id");
        if (!id.isInt()) {
            throw new RegistryException("POST %s was answered without an id.".formatted(path), 200, 200);
        }
        ids.put(key, id.intValue());
        log.atDebug().addKeyValue("subject", subject).addKeyValue("id", id).log("Schema is known to the registry");
        return id.intValue();
    }

    /** What is registered was checked by the registry: names and defaults that other languages allow must not fail here. */
    private static Schema avro(String path, JsonNode answer) {
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new RegistryException("%s is a %s schema, not Avro.".formatted(path, type), 422, 422);
        }
        try {
            return new Schema.Parser(NameValidator.NO_VALIDATION)
                    .setValidateDefaults(false)
                    .parse(answer.path("schema").asText());
        } catch (SchemaParseException e) {
            throw new RegistryException(
                    "%s has a schema that cannot be parsed: %s".formatted(path, e.getMessage()), 422, 422);
        }
    }

    private JsonNode call(String method, String path, @Nullable JsonNode body) {
        long deadline = System.nanoTime() + retryTimeout.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        boolean waited = false;
        while (true) {
            IOException failure = new IOException("no address is configured");
            for (int i = 0; i < endpoints.size(); i++) {
                int index = (preferred + i) % endpoints.size();
                try {
                    JsonNode answer = ask(endpoints.get(index), method, path, body);
                    preferred = index;
                    contact.answered();
                    if (waited) {
                        log.atInfo().addKeyValue("url", endpoints.get(index)).log("Schema registry is available again");
                    }
                    return answer;
                } catch (IOException e) {
                    failure = e;
                } catch (RegistryException e) {
                    contact.answered();
                    throw e;
                }
            }
            contact.unanswered(
                    endpoints.stream().map(RegistryEndpoint::toString).collect(Collectors.joining(",")));
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new RegistryUnavailableException(
                        "The schema registry at %s was unavailable for %d s (%s): check that it runs and can be reached."
                                .formatted(endpoints, retryTimeout.toSeconds(), describe(failure)),
                        failure);
            }
            if (!waited) {
                log.atWarn()
                        .addKeyValue("url", endpoints)
                        .addKeyValue("error", describe(failure))
                        .addKeyValue("timeout", retryTimeout)
                        .log("Retrying: Schema registry is unavailable");
                waited = true;
            }
            pause(Math.min(pause, left), failure);
            pause = Math.min(2 * pause, MAX_PAUSE_MILLIS);
        }
    }

    /**
     * Sends a request to one address, once.
     *
     * @throws IOException if it did not answer, or cannot at present
     */
    private JsonNode ask(RegistryEndpoint endpoint, String method, String path, @Nullable JsonNode body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint.url() + path))
                .timeout(readTimeout)
                .header("Accept", CONTENT_TYPE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", CONTENT_TYPE);
        }
        endpoint.authorization().ifPresent(value -> request.header("Authorization", value));
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (IOException e) {
            throw RegistryDenial.tls(endpoint, e).orElseThrow(() -> e);
        }
        int status = response.statusCode();
        if (status >= 500 || status == 429) {
            throw new IOException("HTTP status %d: %s".formatted(status, shorten(response.body())));
        }
        if (status / 100 != 2) {
            throw rejected(endpoint, method, path, response);
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new RegistryException(
                    "%s %s%s was answered with something that is not JSON: is %s a schema registry?"
                            .formatted(method, endpoint, path, endpoint),
                    status,
                    status);
        }
    }

    private static RegistryException rejected(
            RegistryEndpoint endpoint, String method, String path, HttpResponse<String> response) {
        int status = response.statusCode();
        int code = status;
        String message = shorten(response.body());
        try {
            JsonNode answer = JSON.readTree(response.body());
            code = answer.path("error_code").asInt(status);
            message = answer.path("message").asText(message);
        } catch (JsonProcessingException e) {
            // An answer without JSON is not the registry's own: the status is all there is to say.
            log.atDebug().addKeyValue("status", status).setCause(e).log("Error without a JSON body");
        }
        return RegistryException.rejected("%s %s%s".formatted(method, endpoint, path), status, code, message, null);
    }

    private void pause(long millis, Exception reason) {
        try {
            if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                throw new RegistryUnavailableException(
                        "The client was closed while the schema registry at %s did not answer (%s)."
                                .formatted(endpoints, describe(reason)),
                        reason);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static String describe(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static String shorten(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }

    private static String encode(String pathSegment) {
        return URLEncoder.encode(pathSegment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private record SubjectSchema(String subject, String schema) {}
}

package io.inkstream.embedded.registry;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.http.BoundedHttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry in this process: Confluent's REST API on 127.0.0.1, schemas on the compacted topic {@code _schemas}
 * in Confluent's format. One registry at a time may use a topic. Avro only, without schema references.
 */
public final class EmbeddedRegistry implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedRegistry.class);

    private final SchemaLog schemaLog;
    private final int port;
    private @Nullable BoundedHttpServer server;

    /**
     * A registry, not started yet.
     *
     * @param kafkaProperties properties for Kafka clients: bootstrap.servers and whatever the cluster requires
     * @param port the port to listen on; 0: a free one
     */
    public EmbeddedRegistry(Map<String, Object> kafkaProperties, int port) {
        this(new KafkaSchemaLog(kafkaProperties), port);
    }

    EmbeddedRegistry(SchemaLog schemaLog, int port) {
        this.schemaLog = schemaLog;
        this.port = port;
    }

    /**
     * Reads the topic to its end, and serves from then on.
     *
     * @throws InkstreamException if the port is in use, or the topic cannot be used
     */
    public void start() {
        // The port first: it is more likely to be in use, and nothing is served before the server starts.
        BoundedHttpServer bound = bind(port);
        server = bound;
        try {
            Registry registry = new Registry(schemaLog);
            registry.open();
            bound.start(new HttpApi(registry));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        log.atInfo().addKeyValue("url", url()).log("Schema registry started");
    }

    /**
     * Where it listens, for instance {@code http://127.0.0.1:8081}.
     *
     * @throws IllegalStateException before the start
     */
    public String url() {
        if (server == null) {
            throw new IllegalStateException("The registry has no address before it is started.");
        }
        return "http://127.0.0.1:" + server.port();
    }

    /** Stops serving and closes the topic's clients; may be called twice, and without a start. */
    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        schemaLog.close();
    }

    private static BoundedHttpServer bind(int port) {
        try {
            return BoundedHttpServer.bind(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), "registry-http");
        } catch (BindException e) {
            throw new InkstreamException(
                    "Port %d on 127.0.0.1, for the schema registry, is in use (%s): end what listens there, or choose another with --registry-port."
                            .formatted(port, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new InkstreamException(
                    "The schema registry cannot listen on port %d of 127.0.0.1 (%s): choose another with --registry-port."
                            .formatted(port, e.getMessage()),
                    e);
        }
    }
}

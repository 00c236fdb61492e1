package io.inkstream.standalone.registry;

import com.sun.net.httpserver.HttpServer;
import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry in this process: Confluent's REST API on 127.0.0.1, schemas on the compacted topic {@code _schemas}
 * in Confluent's format. One registry at a time may use a topic. Avro only, without schema references.
 */
public final class EmbeddedRegistry implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedRegistry.class);
    private static final int THREADS = 4;
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";

    static {
        // The JDK's server sends head and body apart. Unless told so before the first server of the process is made,
        // the
        // body waits 40 ms for the client to acknowledge the head.
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
    }

    private final SchemaLog schemaLog;
    private final int port;
    private HttpServer server;
    private ExecutorService threads;

    /**
     * A registry, not started yet.
     *
     * @param kafkaProperties properties for Kafka clients: bootstrap.servers and what else it takes to reach the cluster
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
     * Reads the topic to its end, and answers from then on.
     *
     * @throws InkstreamException if the port is taken, or the topic cannot be used
     */
    public void start() {
        // The port first: it is the likelier to be taken, and nothing is answered before the server starts.
        server = bind(port);
        try {
            Registry registry = new Registry(schemaLog);
            registry.open();
            server.createContext("/", new HttpApi(registry));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        AtomicInteger count = new AtomicInteger();
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "registry-http-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.start();
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
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Stops answering and lets go of the topic; may be called twice, and without a start. */
    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
        if (threads != null) {
            threads.shutdownNow();
        }
        schemaLog.close();
    }

    private static HttpServer bind(int port) {
        try {
            return HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        } catch (BindException e) {
            throw new InkstreamException(
                    "Port %d on 127.0.0.1, for the schema registry, is taken (%s): end what listens there, or choose another with --registry-port."
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

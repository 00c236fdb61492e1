package io.inkstream.systemtests.standins;

import com.sun.net.httpserver.HttpServer;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for Confluent's registry in a container: Inkstream's embedded registry behind the variables and the port of
 * Confluent's image. It ends where it cannot reach Kafka, as that image does.
 */
public final class SchemaRegistryStandIn {

    private static final Logger log = LoggerFactory.getLogger(SchemaRegistryStandIn.class);

    private SchemaRegistryStandIn() {}

    /** Serves until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        RegistrySettings settings = RegistrySettings.of(System.getenv());
        EmbeddedRegistry registry = new EmbeddedRegistry(settings.kafka(), 0);
        Runtime.getRuntime().addShutdownHook(new Thread(registry::close, "close-registry"));
        registry.start();
        for (URI listener : settings.listeners()) {
            HttpServer server = server(listener);
            server.setExecutor(Executors.newCachedThreadPool());
            server.createContext("/", new Forwarding(URI.create(registry.url())));
            server.start();
            log.atInfo().addKeyValue("url", listener).log("Stand-in for Confluent's schema registry started");
        }
    }

    private static HttpServer server(URI listener) throws IOException {
        if (!listener.getScheme().equals("http")) {
            throw new IllegalArgumentException("This stand-in does not listen on " + listener);
        }
        return HttpServer.create(new InetSocketAddress(listener.getHost(), listener.getPort()), 0);
    }
}

package io.inkstream.systemtests.standins;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for Confluent's registry in a container: Inkstream's embedded registry behind the variables and the port of
 * Confluent's image. It ends where it cannot reach Kafka, as that image does.
 */
public final class SchemaRegistryStandIn {

    private static final Logger log = LoggerFactory.getLogger(SchemaRegistryStandIn.class);

    /** In Confluent's image, SCHEMA_REGISTRY_OPTS sets this property. */
    private static final Path LOGIN_CONFIGURATION = Path.of(System.getProperty("java.security.auth.login.config", ""));

    private SchemaRegistryStandIn() {}

    /** Serves until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        RegistrySettings settings = RegistrySettings.of(System.getenv());
        EmbeddedRegistry registry = new EmbeddedRegistry(settings.kafka(), 0);
        Runtime.getRuntime().addShutdownHook(new Thread(registry::close, "close-registry"));
        registry.start();
        for (URI listener : settings.listeners()) {
            HttpServer server = server(listener, settings.properties());
            server.setExecutor(Executors.newCachedThreadPool());
            HttpContext context = server.createContext("/", new Forwarding(URI.create(registry.url())));
            RegistrySecurity.authenticator(settings.properties(), LOGIN_CONFIGURATION)
                    .ifPresent(context::setAuthenticator);
            server.start();
            log.atInfo().addKeyValue("url", listener).log("Stand-in for Confluent's schema registry started");
        }
    }

    private static HttpServer server(URI listener, Map<String, String> properties) throws IOException {
        InetSocketAddress address = new InetSocketAddress(listener.getHost(), listener.getPort());
        return switch (listener.getScheme()) {
            case "http" -> HttpServer.create(address, 0);
            case "https" -> RegistrySecurity.https(address, properties);
            default -> throw new IllegalArgumentException("This stand-in does not listen on " + listener);
        };
    }
}

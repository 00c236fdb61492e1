package io.inkstream.systemtests.security;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.inkstream.systemtests.standins.Forwarding;
import io.inkstream.systemtests.standins.RegistrySecurity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** TLS and user names in front of a registry that has neither, as Confluent's has them itself. */
final class SecuredRegistry implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads;

    private SecuredRegistry(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Starts to serve what is behind a URL, with the files that {@code credentials.sh} has made. */
    static SecuredRegistry start(Credentials credentials, String behind) {
        Map<String, String> properties = new HashMap<>(credentials.registry());
        properties.putAll(Map.of(
                "authentication.method", "BASIC",
                "authentication.realm", "inkstream",
                "authentication.roles", "inkstream"));
        try {
            HttpServer server = RegistrySecurity.https(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), properties);
            HttpContext context = server.createContext("/", new Forwarding(URI.create(behind)));
            context.setAuthenticator(RegistrySecurity.authenticator(
                            properties, credentials.folder().resolve("registry.jaas"))
                    .orElseThrow());
            ExecutorService threads = Executors.newCachedThreadPool();
            server.setExecutor(threads);
            server.start();
            return new SecuredRegistry(server, threads);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String url() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

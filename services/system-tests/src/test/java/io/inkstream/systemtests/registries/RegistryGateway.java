package io.inkstream.systemtests.registries;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A reverse proxy before a registry: it serves the registry under a path, asks for a password, and may be out of order. */
final class RegistryGateway implements AutoCloseable {

    private static final String PATH = "/team/registry";

    private final String target;
    private final String authorization;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile boolean html;
    private volatile int outOfOrder;

    /** Listens on a free port; only who sends this user and password, as {@code user:password}, gets through. */
    RegistryGateway(String target, String userInfo) throws IOException {
        this.target = target;
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PATH, this::forward);
        server.setExecutor(threads);
        server.start();
    }

    /** The registry's URL behind the gateway, with a prefix before the path and without credentials. */
    String url() {
        return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), PATH);
    }

    /** Makes it reject with a page, as gateways do, and not in the registry's JSON. */
    void answerInHtml() {
        html = true;
    }

    /** Makes it answer every request with an error. */
    void outOfOrder(int status) {
        outOfOrder = status;
    }

    /** Ends that. */
    void inOrder() {
        outOfOrder = 0;
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (outOfOrder != 0) {
                reject(exchange, outOfOrder, "Out of order");
            } else if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"registry\"");
                reject(exchange, 401, "Unauthorized");
            } else {
                URI uri = exchange.getRequestURI();
                String path = uri.getRawPath().substring(PATH.length());
                String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target + path + query))
                        .method(
                                exchange.getRequestMethod(),
                                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
                String type = exchange.getRequestHeaders().getFirst("Content-Type");
                if (type != null) {
                    request.header("Content-Type", type);
                }
                HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
                send(
                        exchange,
                        response.statusCode(),
                        response.headers().firstValue("Content-Type").orElseThrow(),
                        response.body());
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void reject(HttpExchange exchange, int status, String message) throws IOException {
        String body = html
                ? "<html><body><h1>%d %s</h1></body></html>".formatted(status, message)
                : "{\"error_code\":%d,\"message\":\"%s\"}".formatted(status, message);
        send(
                exchange,
                status,
                html ? "text/html" : "application/vnd.schemaregistry.v1+json",
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

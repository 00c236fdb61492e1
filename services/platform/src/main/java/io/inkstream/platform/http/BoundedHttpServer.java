package io.inkstream.platform.http;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The JDK's HTTP server with bounds, so that slow clients do not hold up the others. The server keeps a thread busy for as
 * long as a request arrives, its answer is computed and the client receives it; so every request has a thread of its own,
 * and a client that takes too long is cut off:
 *
 * <ul>
 *   <li>a request has 5 s to arrive whole;
 *   <li>its answer has a minute, from the end of the request's head until the client has received it;
 *   <li>beyond 250 concurrent requests, or 500 connections, a new one is closed.
 * </ul>
 *
 * <p>The times are system properties of the JDK, read once in a process: those that are set already are kept.
 */
public final class BoundedHttpServer implements AutoCloseable {

    /** Concurrent requests. */
    static final int MAX_REQUESTS = 250;

    private static final long IDLE_SECONDS = 30;

    static {
        setByDefault("sun.net.httpserver.maxReqTime", "5");
        setByDefault("sun.net.httpserver.maxRspTime", "60");
        setByDefault("jdk.httpserver.maxConnections", "500");
        // The server sends head and body apart. Without this the body waits 40 ms for the client to acknowledge the
        // head.
        setByDefault("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    private BoundedHttpServer(HttpServer server, ThreadPoolExecutor threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Binds an address; nothing is answered before {@link #start}.
     *
     * @param threadName what its threads are called, with a number
     * @throws IOException if the address or the port is not available
     */
    public static BoundedHttpServer bind(InetSocketAddress address, String threadName) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                0, MAX_REQUESTS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        server.setExecutor(threads);
        return new BoundedHttpServer(server, threads);
    }

    /** Starts to answer every request with this handler. */
    public void start(HttpHandler handler) {
        server.createContext("/", handler);
        server.start();
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Closes every connection. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void setByDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}

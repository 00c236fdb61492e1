package io.inkstream.embedded.broker;

import io.inkstream.platform.InkstreamException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The broker's two sockets, bound before Kafka starts: so a port that is in use is found before anything starts, free ports
 * are known in time for the configuration, and nothing else can bind them in between.
 */
final class LoopbackSockets implements ServerSocketFactory, AutoCloseable {

    static final String HOST = "127.0.0.1";
    private static final byte[] ADDRESS = {127, 0, 0, 1};

    private final ServerSocketChannel clients;
    private final ServerSocketChannel controller;

    private LoopbackSockets(ServerSocketChannel clients, ServerSocketChannel controller) {
        this.clients = clients;
        this.controller = controller;
    }

    /**
     * Binds both.
     *
     * @param clientPort the port for clients; 0: any
     * @throws InkstreamException if it is in use
     */
    static LoopbackSockets bind(int clientPort) {
        ServerSocketChannel clients = bindOne(clientPort);
        try {
            return new LoopbackSockets(clients, bindOne(0));
        } catch (InkstreamException e) {
            try {
                clients.close();
            } catch (IOException unclosed) {
                e.addSuppressed(unclosed);
            }
            throw e;
        }
    }

    int clientPort() {
        return clients.socket().getLocalPort();
    }

    int controllerPort() {
        return controller.socket().getLocalPort();
    }

    InetSocketAddress controllerAddress() {
        return (InetSocketAddress) controller.socket().getLocalSocketAddress();
    }

    /** The socket that is bound to the address. */
    @Override
    public ServerSocketChannel openServerSocket(
            String listenerName, InetSocketAddress address, int backlog, int receiveBufferBytes) throws IOException {
        ServerSocketChannel bound = address.getPort() == clientPort() ? clients : controller;
        bound.configureBlocking(false);
        return bound;
    }

    /** Closes both, as Kafka does unless it fails to start. */
    @Override
    public void close() throws IOException {
        try (clients;
                controller) {
            // closed in any case, both of them
        }
    }

    private static ServerSocketChannel bindOne(int port) {
        @Nullable ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open();
            return channel.bind(new InetSocketAddress(InetAddress.getByAddress(ADDRESS), port));
        } catch (IOException e) {
            InkstreamException failure = new InkstreamException(
                    "Port %d on %s is unavailable for the broker (%s): stop what uses it, or choose another with --port."
                            .formatted(port, HOST, e.getMessage()),
                    e);
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException unclosed) {
                    failure.addSuppressed(unclosed);
                }
            }
            throw failure;
        }
    }
}

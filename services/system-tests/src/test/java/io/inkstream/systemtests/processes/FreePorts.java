package io.inkstream.systemtests.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports on the loopback address that a process can come back to after it was killed. Each is given once, as it may be
 * bound much later.
 */
public final class FreePorts {

    /**
     * Below the ports that the system gives to outgoing connections: a client that dials a port of those again and again
     * may connect to itself while nothing listens there, and the port is then taken when its owner restarts.
     */
    private static final int LOWEST = 20_000;

    /** The build gives each of the JVMs that it runs side by side a number, from 1 on; each has ports of its own. */
    private static final int FORK = Integer.getInteger("test.fork", 1);

    private static final int COUNT = 2_000;
    private static final int FIRST = LOWEST + (FORK - 1) % 6 * COUNT;
    private static final AtomicInteger NEXT = new AtomicInteger(new Random().nextInt(COUNT));

    private FreePorts() {}

    /** A free port that was not given before. */
    public static int next() {
        for (int attempt = 0; attempt < COUNT; attempt++) {
            int port = FIRST + NEXT.getAndIncrement() % COUNT;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port was found from %d on".formatted(FIRST));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}

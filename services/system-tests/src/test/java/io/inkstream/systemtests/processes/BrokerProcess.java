package io.inkstream.systemtests.processes;

import io.inkstream.embedded.EmbeddedCluster;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A broker and its registry, alone in a process, on ports and a data folder that outlive a SIGKILL. */
public final class BrokerProcess {

    private BrokerProcess() {}

    /** Runs until it is stopped. Arguments: the data folder, the broker's port, the registry's port. */
    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedCluster cluster = new EmbeddedCluster(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Map.of());
        cluster.start();
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "shutdown"));
        System.out.println("Listening on " + cluster.connection().bootstrapServers());
        new CountDownLatch(1).await();
    }
}

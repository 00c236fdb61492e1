package io.inkstream.embedded.broker;

import io.inkstream.platform.lifecycle.ServiceRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A broker in a process of its own, for tests that end it. Prints its address once it answers. */
public final class BrokerProcess {

    private BrokerProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedBroker broker =
                new EmbeddedBroker(new BrokerSettings(Path.of(arguments[0]), Integer.parseInt(arguments[1])));
        ServiceRunner runner = new ServiceRunner(List.of(broker));
        runner.start();
        System.out.println(broker.bootstrapServers());
        runner.awaitEnd();
    }

    /** Starts the process, with the class path of this one. */
    static Process spawn(Path dataFolder) throws IOException {
        return spawn(dataFolder, 0);
    }

    /** The same on this port. */
    public static Process spawn(Path dataFolder, int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1", // it starts faster
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        dataFolder.toString(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}

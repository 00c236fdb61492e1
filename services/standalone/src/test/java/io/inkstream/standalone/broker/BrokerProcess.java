package io.inkstream.standalone.broker;

import java.io.IOException;
import java.nio.file.Path;

/** A broker in a process of its own, for tests that kill it. Prints its address once it answers. */
final class BrokerProcess {

    private BrokerProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(Path.of(arguments[0]), 0));
        broker.start();
        System.out.println(broker.bootstrapServers());
        Thread.currentThread().join();
    }

    /** Starts the process, with the class path of this one. */
    static Process spawn(Path dataFolder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        dataFolder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}

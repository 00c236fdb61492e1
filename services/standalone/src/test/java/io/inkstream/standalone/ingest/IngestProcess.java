package io.inkstream.standalone.ingest;

import io.inkstream.ingest.IngestService;
import io.inkstream.ingest.IngestSettings;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.topics.TopicNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;

/** Ingest in a process of its own, for tests that kill it. */
final class IngestProcess {

    private IngestProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        new IngestService(
                        new Connection(arguments[0], arguments[1]),
                        new TopicNames(arguments[2]),
                        new IngestSettings(4, 1),
                        new SimpleMeterRegistry())
                .start();
        Thread.currentThread().join();
    }

    /** Starts the process, with the class path of this one; killed, it leaves its temporary files behind. */
    static Process spawn(Connection connection, TopicNames topics, Path temporary) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        IngestProcess.class.getName(),
                        connection.bootstrapServers(),
                        connection.schemaRegistryUrl(),
                        topics.prefix())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}

package io.inkstream.ingest;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Ingest in a process of its own, for tests that kill it. */
final class IngestProcess {

    /** For this long a killed member keeps its partitions and blocks readers of its output. */
    private static final Map<String, String> SHORT_TIMEOUTS =
            Map.of("session.timeout.ms", "3000", "heartbeat.interval.ms", "1000", "transaction.timeout.ms", "3000");

    private IngestProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        new IngestService(
                        new Connection(arguments[0], arguments[1], Connection.DEFAULT_SERDE_CLASS, SHORT_TIMEOUTS),
                        new TopicNames(arguments[2]),
                        new IngestSettings(4, 1),
                        new SimpleMeterRegistry())
                .start();
        Thread.currentThread().join();
    }

    /** Starts the process, with the class path of this one; when killed, it leaves its temporary files. */
    static Process spawn(Connection connection, TopicNames topics, Path temporary) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1", // it starts faster
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

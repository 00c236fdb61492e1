package io.inkstream.testsupport;

import io.inkstream.embedded.EmbeddedCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A cluster for all test classes of this process that neither stop nor configure it: each test has topics of its own, under
 * a prefix that begins with the name of its class. It starts with the first call and ends with the process.
 */
public final class BrokerFixture {

    private static EmbeddedCluster cluster;

    private BrokerFixture() {}

    /** The running cluster. */
    public static synchronized EmbeddedCluster get() {
        if (cluster == null) {
            try {
                Path folder = Files.createTempDirectory("inkstream-shared-cluster");
                EmbeddedCluster started = new EmbeddedCluster(folder, 0, 0, Map.of());
                started.start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(started, folder), "end-shared-cluster"));
                cluster = started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return cluster;
    }

    private static void end(EmbeddedCluster started, Path folder) {
        started.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

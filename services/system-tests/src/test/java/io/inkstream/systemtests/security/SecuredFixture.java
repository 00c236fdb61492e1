package io.inkstream.systemtests.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** One secured cluster for all test classes of this process: it starts with the first call and ends with the process. */
final class SecuredFixture {

    private static SecuredCluster cluster;

    private SecuredFixture() {}

    static synchronized SecuredCluster get() {
        if (cluster == null) {
            try {
                cluster = SecuredCluster.start(Files.createTempDirectory("inkstream-secured"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end-secured-cluster"));
        }
        return cluster;
    }
}

package io.inkstream.systemtests.stacks;

import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.platform.config.Connection;
import java.nio.file.Path;
import java.util.Map;

/** Inkstream's own broker and registry, in this JVM. */
public final class EmbeddedKafkaStack implements KafkaStack {

    private final EmbeddedCluster cluster;

    /** Starts both, with the broker's data in a folder. */
    public EmbeddedKafkaStack(Path data) {
        this.cluster = new EmbeddedCluster(data, 0, 0, Map.of());
        cluster.start();
    }

    @Override
    public Connection connection() {
        return cluster.connection();
    }

    @Override
    public void close() {
        cluster.close();
    }
}

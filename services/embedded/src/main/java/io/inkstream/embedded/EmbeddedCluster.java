package io.inkstream.embedded;

import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The embedded broker, and the embedded registry on top of it. */
public final class EmbeddedCluster implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final int registryPort;
    private final Map<String, String> clientProperties;

    private @Nullable EmbeddedRegistry registry;

    /**
     * A cluster that is not started yet.
     *
     * @param dataFolder where the broker keeps its topics
     * @param port the broker's port; 0: any free port
     * @param registryPort the registry's port; 0: any free port
     * @param clientProperties further properties for Kafka clients. Those of TLS and SASL are left out, as the embedded broker
     *     listens on this machine only, and in plain text; so is the name of an instance, which the services here have
     */
    public EmbeddedCluster(Path dataFolder, int port, int registryPort, Map<String, String> clientProperties) {
        this(new BrokerSettings(dataFolder, port), registryPort, clientProperties);
    }

    /** The same with a broker of these settings. */
    public EmbeddedCluster(BrokerSettings settings, int registryPort, Map<String, String> clientProperties) {
        this.broker = new EmbeddedBroker(settings);
        this.registryPort = registryPort;
        this.clientProperties = new TreeMap<>(clientProperties);
        this.clientProperties
                .keySet()
                .removeIf(name -> name.startsWith("security.")
                        || name.startsWith("sasl.")
                        || name.startsWith("ssl.")
                        || name.equals("group.instance.id")
                        || name.equals("bootstrap.servers"));
    }

    /**
     * Starts both, and returns once they answer.
     *
     * @throws io.inkstream.platform.InkstreamException if a port is in use or the folder is not usable
     */
    public void start() {
        broker.start();
        Map<String, Object> properties = new TreeMap<>(clientProperties);
        properties.put("bootstrap.servers", broker.bootstrapServers());
        EmbeddedRegistry started = new EmbeddedRegistry(properties, registryPort);
        registry = started;
        started.start();
    }

    /** How to reach both; after the start. */
    public Connection connection() {
        if (registry == null) {
            throw new IllegalStateException("The cluster was not started");
        }
        return new Connection(
                broker.bootstrapServers(), registry.url(), Connection.DEFAULT_SERDE_CLASS, clientProperties);
    }

    /** The broker's state. */
    public Health health() {
        return broker.health();
    }

    @Override
    public void close() {
        try {
            if (registry != null) {
                registry.close();
            }
        } finally {
            broker.close();
        }
    }
}

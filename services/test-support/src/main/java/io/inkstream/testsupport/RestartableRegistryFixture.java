package io.inkstream.testsupport;

import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RegistryConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** A broker, and a registry that can be stopped and started again at the same address. */
public final class RestartableRegistryFixture implements AutoCloseable {

    private final EmbeddedBroker broker;
    private EmbeddedRegistry registry;
    private String url;
    private boolean stopped;

    public RestartableRegistryFixture(Path folder) {
        broker = new EmbeddedBroker(new BrokerSettings(folder, 0));
        broker.start();
        startRegistry(0);
    }

    /** A connection whose clients report after 200 ms, not after two minutes, that the registry is unavailable. */
    public Connection connection() {
        return new Connection(
                broker.bootstrapServers(),
                url,
                Connection.DEFAULT_SERDE_CLASS,
                Map.of(RegistryConfig.RETRY_TIMEOUT, "200"));
    }

    public void stopRegistry() {
        registry.close();
        stopped = true;
    }

    /** Starts the registry again, if it is stopped. */
    public void restartRegistry() {
        if (stopped) {
            startRegistry(URI.create(url).getPort());
            stopped = false;
        }
    }

    private void startRegistry(int port) {
        registry = new EmbeddedRegistry(Map.of("bootstrap.servers", broker.bootstrapServers()), port);
        registry.start();
        url = registry.url();
    }

    @Override
    public void close() {
        registry.close();
        broker.close();
    }
}

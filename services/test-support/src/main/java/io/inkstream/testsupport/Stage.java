package io.inkstream.testsupport;

import io.inkstream.embedded.broker.BrokerSettings;
import io.inkstream.embedded.broker.EmbeddedBroker;
import io.inkstream.embedded.registry.EmbeddedRegistry;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RegistryConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** A broker, and a registry that can be taken away and come back under the same address. */
public final class Stage implements AutoCloseable {

    private final EmbeddedBroker broker;
    private EmbeddedRegistry registry;
    private String url;
    private boolean away;

    public Stage(Path folder) {
        broker = new EmbeddedBroker(new BrokerSettings(folder, 0));
        broker.start();
        startRegistry(0);
    }

    /** A connection whose clients soon say that the registry is away, rather than to wait two minutes. */
    public Connection connection() {
        return new Connection(
                broker.bootstrapServers(),
                url,
                Connection.DEFAULT_SERDE_CLASS,
                Map.of(RegistryConfig.RETRY_TIMEOUT, "200"));
    }

    public void takeRegistryAway() {
        registry.close();
        away = true;
    }

    /** Does nothing when it is there. */
    public void bringRegistryBack() {
        if (away) {
            startRegistry(URI.create(url).getPort());
            away = false;
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

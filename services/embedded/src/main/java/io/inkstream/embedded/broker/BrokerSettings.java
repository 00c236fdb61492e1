package io.inkstream.embedded.broker;

import io.inkstream.platform.InkstreamException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The settings of an embedded broker.
 *
 * @param dataFolder where its topics are kept; created and formatted when it is used for the first time
 * @param port where clients reach it on the loopback address; 0: any free port
 * @param further properties of the broker, besides those of every embedded one
 */
public record BrokerSettings(Path dataFolder, int port, Map<String, String> further) {

    /** The same without further properties. */
    public BrokerSettings(Path dataFolder, int port) {
        this(dataFolder, port, Map.of());
    }

    public BrokerSettings {
        if (dataFolder == null) {
            throw new InkstreamException("The broker needs a folder for its data: give one with --data DIR.");
        }
        if (port < 0 || port > 65535) {
            throw new InkstreamException(
                    "The broker's port %d is not a port: use one from 1 to 65535, or 0 for any free one."
                            .formatted(port));
        }
        further = Map.copyOf(further);
        dataFolder = dataFolder.toAbsolutePath().normalize();
    }
}

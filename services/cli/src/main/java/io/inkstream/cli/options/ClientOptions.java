package io.inkstream.cli.options;

import io.inkstream.client.InkstreamClient;
import io.inkstream.launcher.options.ConnectionOptions;
import picocli.CommandLine.Mixin;

/** Which pipeline a command talks to. */
public final class ClientOptions {

    @Mixin
    private ConnectionOptions connection;

    /**
     * A client of it, once a broker has answered.
     *
     * @throws io.inkstream.platform.InkstreamException if none answers
     */
    public InkstreamClient client() {
        return new InkstreamClient(connection.reachableConnection(), connection.topics());
    }
}

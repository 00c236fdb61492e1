package io.inkstream.cli.options;

import io.inkstream.client.InkstreamClient;
import io.inkstream.launcher.options.ConnectionOptions;

/** Which pipeline a command talks to. It extends the options of the connection, as picocli gives a mixin of a mixin no command. */
public final class ClientOptions extends ConnectionOptions {

    /**
     * A client of it, once a broker has answered.
     *
     * @throws io.inkstream.platform.InkstreamException if none answers
     */
    public InkstreamClient client() {
        return new InkstreamClient(reachableConnection(), topics());
    }
}

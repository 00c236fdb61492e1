package io.inkstream.standalone.registry;

import java.util.Map;

/** Stand-in. */
public final class EmbeddedRegistry implements AutoCloseable {
    public EmbeddedRegistry(Map<String, Object> kafkaClientProperties, int port) {}

    public void start() {}

    public String url() {
        return "http://localhost:8081";
    }

    @Override
    public void close() {}
}

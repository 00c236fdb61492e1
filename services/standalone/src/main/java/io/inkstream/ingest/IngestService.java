package io.inkstream.ingest;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.observability.Health;
import io.inkstream.platform.topics.TopicNames;
import io.micrometer.core.instrument.MeterRegistry;

/** Stand-in. */
public final class IngestService implements Service {
    public IngestService(Connection connection, TopicNames topics, IngestSettings settings, MeterRegistry meters) {}

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public void start() {}

    @Override
    public Health health() {
        return Health.up("");
    }

    @Override
    public void close() {}
}

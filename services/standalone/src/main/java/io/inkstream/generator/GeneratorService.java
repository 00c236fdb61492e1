package io.inkstream.generator;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.observability.Health;
import io.inkstream.platform.topics.TopicNames;
import io.micrometer.core.instrument.MeterRegistry;

/** Stand-in. */
public final class GeneratorService implements Service {
    public GeneratorService(
            Connection connection, TopicNames topics, GeneratorSettings settings, MeterRegistry meters) {}

    @Override
    public String name() {
        return "generator";
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

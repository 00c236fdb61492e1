package io.inkstream.trainer;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.observability.Health;
import io.inkstream.platform.topics.TopicNames;
import io.micrometer.core.instrument.MeterRegistry;

/** Stand-in. */
public final class TrainerService implements Service {
    public TrainerService(Connection connection, TopicNames topics, TrainerSettings settings, MeterRegistry meters) {}

    @Override
    public String name() {
        return "trainer";
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

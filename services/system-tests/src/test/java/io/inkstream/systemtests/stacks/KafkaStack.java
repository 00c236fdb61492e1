package io.inkstream.systemtests.stacks;

import io.inkstream.platform.config.Connection;

/** A broker and a schema registry, running, on which a scenario is played. */
public interface KafkaStack extends AutoCloseable {

    /** How to reach both from this machine. */
    Connection connection();

    @Override
    void close();
}

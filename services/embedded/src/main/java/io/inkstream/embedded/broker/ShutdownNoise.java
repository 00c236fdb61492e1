package io.inkstream.embedded.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/** Drops the warning that a Kafka 4.3 controller logs at every stop, as it closes one of its clients twice. */
public final class ShutdownNoise extends TurboFilter {

    private static final String LOGGER = "org.apache.kafka.clients.NetworkClient";
    private static final String MESSAGE = "Attempting to close NetworkClient that has already been closed";

    @Override
    public FilterReply decide(
            Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable error) {
        return format != null && format.contains(MESSAGE) && logger.getName().equals(LOGGER)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}

package io.inkstream.standalone.broker;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Drops the warning that a Kafka 4.3 controller gives at every stop, as it closes one of its clients twice. */
public final class ShutdownNoise extends Filter<ILoggingEvent> {

    private static final String LOGGER = "org.apache.kafka.clients.NetworkClient";
    private static final String MESSAGE = "Attempting to close NetworkClient that has already been closed";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getLoggerName().equals(LOGGER) && event.getMessage().contains(MESSAGE)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}

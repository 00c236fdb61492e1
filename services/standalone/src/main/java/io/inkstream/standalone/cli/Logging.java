package io.inkstream.standalone.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** How much of the log is shown, on stderr. */
final class Logging {

    /** Who reads it. */
    enum Audience {
        /** Someone who runs a command: what concerns them is said by the command itself. */
        USER,
        /** Someone who runs services: the log as it is configured. */
        OPERATOR,
        /** Someone who asked for everything. */
        DEBUGGER
    }

    private Logging() {}

    /** Sets the levels. */
    static void set(Audience audience) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (audience == Audience.OPERATOR || !(factory instanceof LoggerContext context)) {
            return;
        }
        context.getLoggerList().forEach(logger -> logger.setLevel(null));
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                .setLevel(audience == Audience.USER ? Level.OFF : Level.INFO);
    }
}

package io.inkstream.launcher.commandline;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much of the log is shown, on stderr. */
final class Logging {

    private static final String OURS = "io.inkstream";

    private Logging() {}

    /** Sets the levels; for an operator they stay as they are configured. */
    static void set(LogAudience audience) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return; // another logging library was put on the class path, with its own configuration
        }
        switch (audience) {
            case OPERATOR -> {}
            case HOST -> {
                // What goes wrong in Kafka and matters to the pipeline is logged by the pipeline.
                setAll(context, Level.OFF);
                context.getLogger(OURS).setLevel(Level.toLevel(System.getenv("INKSTREAM_LOG_LEVEL"), Level.WARN));
            }
            case USER -> setAll(context, Level.OFF);
            case DEBUGGER -> setAll(context, Level.INFO);
        }
    }

    private static void setAll(LoggerContext context, Level level) {
        context.getLoggerList().forEach(logger -> {
            if (!logger.getName().equals(Logger.ROOT_LOGGER_NAME)) {
                logger.setLevel(null);
            }
        });
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
    }
}

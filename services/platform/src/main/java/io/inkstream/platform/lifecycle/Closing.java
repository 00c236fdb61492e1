package io.inkstream.platform.lifecycle;

import java.time.Duration;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a client at the end of a command, also of one that Ctrl-C has ended. */
public final class Closing {

    /** How long a client may take to leave the broker. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Closes something although the thread was interrupted, and keeps the interruption. */
    public static void quietly(Runnable close) {
        boolean interrupted = Thread.interrupted();
        try {
            close.run();
        } catch (InterruptException e) {
            interrupted = true;
        } catch (RuntimeException e) {
            // The command's own outcome is what the user wants to read.
            log.atDebug().setCause(e).log("A client did not close cleanly");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

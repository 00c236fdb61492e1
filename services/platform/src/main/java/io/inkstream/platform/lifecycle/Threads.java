package io.inkstream.platform.lifecycle;

import java.time.Duration;

/** What is done with threads when something is closed. */
public final class Threads {

    private Threads() {}

    /**
     * Waits until a thread has ended, at most this long. An interruption ends the wait and stays set, so that the rest is closed
     * without waiting.
     */
    public static void join(Thread thread, Duration limit) {
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

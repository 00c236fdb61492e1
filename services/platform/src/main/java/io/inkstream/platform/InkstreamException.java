package io.inkstream.platform;

import org.jspecify.annotations.Nullable;

/** A failure that a user can act on: the message is one sentence that says what is wrong, where, and what to do. */
public class InkstreamException extends RuntimeException {

    public InkstreamException(String message) {
        super(message);
    }

    public InkstreamException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

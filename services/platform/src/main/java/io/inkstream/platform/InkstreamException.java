package io.inkstream.platform;

/** A failure that a user can act on: the message is one sentence that says what is wrong, where, and what to do. */
public class InkstreamException extends RuntimeException {

    public InkstreamException(String message) {
        super(message);
    }

    public InkstreamException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.inkstream.generator.requests;

import io.inkstream.platform.InkstreamException;

/** A record on the request topic that is not a request: it becomes a dead letter, and the message is the answer. */
public final class UnreadableRequestException extends InkstreamException {

    UnreadableRequestException(String message) {
        super(message);
    }

    /** Because of what happened when it was read. */
    public UnreadableRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.inkstream.generator.answers;

import io.inkstream.platform.InkstreamException;

/** An answer cannot go where the request wants it; the message says why. */
final class UnusableReplyTopicException extends InkstreamException {

    UnusableReplyTopicException(String message) {
        super(message);
    }
}

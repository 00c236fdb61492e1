package io.inkstream.generator.answers;

import io.inkstream.platform.InkstreamException;

/** An answer cannot be written where the request wants it; the message says why. */
final class UnusableReplyTopicException extends InkstreamException {

    UnusableReplyTopicException(String message) {
        super(message);
    }
}

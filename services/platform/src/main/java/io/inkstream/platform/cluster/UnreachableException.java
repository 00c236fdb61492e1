package io.inkstream.platform.cluster;

import io.inkstream.platform.InkstreamException;

/** No Kafka broker answers, or none of their names has an address: that may be different a moment later. */
public final class UnreachableException extends InkstreamException {

    UnreachableException(String sentence, Exception cause) {
        super(sentence, cause);
    }
}

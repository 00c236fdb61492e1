package io.inkstream.corpuslog.checkpoints;

import io.inkstream.platform.InkstreamException;

/** A checkpoint that cannot be written, however often it is tried: its corpus fails, and no other. */
public final class CheckpointRejectedException extends InkstreamException {

    CheckpointRejectedException(String message, Throwable cause) {
        super(message, cause);
    }
}

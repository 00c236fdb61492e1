package io.inkstream.platform.checkpoints;

import io.inkstream.platform.InkstreamException;

/**
 * A checkpoint that cannot be had whole from the checkpoints topic. The message names topic, partition, offset and key,
 * and what is wrong there.
 */
public final class CheckpointUnreadableException extends InkstreamException {

    CheckpointUnreadableException(String message) {
        super(message);
    }

    CheckpointUnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}

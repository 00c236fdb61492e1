package io.inkstream.trainer.checkpoints;

import io.inkstream.platform.InkstreamException;

/** Another trainer owns this partition by now: what this one trained since its last commit must not be published. */
public final class OwnershipLostException extends InkstreamException {

    OwnershipLostException(String transactionalId, Throwable cause) {
        super(
                "Another has taken over %s: what this trainer did since its last commit is not published."
                        .formatted(transactionalId),
                cause);
    }
}

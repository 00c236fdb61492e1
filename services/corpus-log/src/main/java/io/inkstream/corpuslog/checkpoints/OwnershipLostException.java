package io.inkstream.corpuslog.checkpoints;

import io.inkstream.platform.InkstreamException;

/** Another owns this partition by now, a trainer, a rollback or an import: what was not committed before must not be published. */
public final class OwnershipLostException extends InkstreamException {

    OwnershipLostException(String transactionalId, Throwable cause) {
        super(
                "Another has taken over %s (a trainer, a rollback or an import): nothing was committed since then."
                        .formatted(transactionalId),
                cause);
    }
}

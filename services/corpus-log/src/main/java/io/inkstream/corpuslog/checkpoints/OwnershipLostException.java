package io.inkstream.corpuslog.checkpoints;

import io.inkstream.platform.InkstreamException;

/** This process does not own the partition any more: what it has not committed before must not be published. */
public final class OwnershipLostException extends InkstreamException {

    private OwnershipLostException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Another process has opened transactions with the same id: a trainer, a rollback or an import. */
    static OwnershipLostException takenOver(String transactionalId, Throwable cause) {
        return new OwnershipLostException(
                "Another has taken over %s (a trainer, a rollback or an import): nothing was committed since then."
                        .formatted(transactionalId),
                cause);
    }

    /** The consumer group has rebalanced, and may have assigned the partition to another. */
    static OwnershipLostException generationOver(String transactionalId, Throwable cause) {
        return new OwnershipLostException(
                "The consumer group has rebalanced during a transaction of %s, which was not committed."
                        .formatted(transactionalId),
                cause);
    }
}

package io.inkstream.corpuslog.checkpoints;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;

/** A transaction took longer than the broker lets it, and was rolled back: nothing of it is visible. */
public final class TransactionTimedOutException extends InkstreamException {

    TransactionTimedOutException(String transactionalId, Duration taken, TransactionTimeout timeout, Throwable cause) {
        super(
                "A transaction of %s took %.1f s, longer than its timeout of %s, so the broker rolled it back."
                        .formatted(transactionalId, taken.toMillis() / 1e3, timeout),
                cause);
    }
}

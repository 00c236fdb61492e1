package io.inkstream.ingest.rejection;

import io.inkstream.platform.InkstreamException;

/** A record is rejected; the message says why and is put into the dead letter. */
public final class RejectedRecordException extends InkstreamException {

    private final Reason reason;

    public RejectedRecordException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Rejects because of another exception, whose message is kept. */
    public RejectedRecordException(Reason reason, RuntimeException cause) {
        super(cause.getMessage(), cause);
        this.reason = reason;
    }

    /** The reason, for the metrics. */
    public Reason reason() {
        return reason;
    }
}

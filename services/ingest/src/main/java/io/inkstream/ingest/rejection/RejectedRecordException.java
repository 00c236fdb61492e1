package io.inkstream.ingest.rejection;

import io.inkstream.platform.InkstreamException;

/** A record cannot be taken; the message says why and is what the dead letter carries. */
public final class RejectedRecordException extends InkstreamException {

    private final Reason reason;

    public RejectedRecordException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Rejects for what somebody else found wrong, whose words are kept. */
    public RejectedRecordException(Reason reason, RuntimeException cause) {
        super(cause.getMessage(), cause);
        this.reason = reason;
    }

    /** What it counts as. */
    public Reason reason() {
        return reason;
    }
}

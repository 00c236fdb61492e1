package io.inkstream.ingest.topology;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.schemas.CorpusSpec;

/**
 * A spec, and the bytes that it came in: a spec that cannot be taken goes to the dead letters unchanged.
 *
 * @param spec what was decoded; null when it could not be
 * @param bytes the record value
 * @param undecodable why it could not be decoded; null when it was
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ReceivedSpec(CorpusSpec spec, byte[] bytes, RuntimeException undecodable) {

    /**
     * The spec.
     *
     * @throws RejectedRecordException if it could not be decoded
     */
    CorpusSpec decoded() {
        if (undecodable != null) {
            throw new RejectedRecordException(Reason.UNDECODABLE_SPEC, undecodable);
        }
        return spec;
    }
}

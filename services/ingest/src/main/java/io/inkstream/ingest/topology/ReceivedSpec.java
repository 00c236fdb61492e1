package io.inkstream.ingest.topology;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.schemas.CorpusSpec;

/** The value of a spec record, with its bytes: a rejected spec goes to the dead letters unchanged. */
sealed interface ReceivedSpec {

    /** The record value. */
    byte[] bytes();

    /**
     * The spec.
     *
     * @throws RejectedRecordException if the value is not a spec
     */
    CorpusSpec spec();

    /** A value that is a spec. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Decoded(CorpusSpec spec, byte[] bytes) implements ReceivedSpec {}

    /** A value that is not a spec, and why. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Undecodable(RuntimeException error, byte[] bytes) implements ReceivedSpec {

        @Override
        public CorpusSpec spec() {
            throw new RejectedRecordException(Reason.UNDECODABLE_SPEC, error);
        }
    }
}

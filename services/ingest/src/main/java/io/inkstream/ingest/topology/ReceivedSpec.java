package io.inkstream.ingest.topology;

import io.inkstream.schemas.CorpusSpec;

/**
 * A spec, and the bytes that it came in: a spec that cannot be taken goes to the dead letters unchanged.
 *
 * @param spec what was decoded
 * @param bytes the record value
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ReceivedSpec(CorpusSpec spec, byte[] bytes) {}

package io.inkstream.ingest.text;

import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads the name of a corpus from a record: from its key or, where a text record has none, from its header. */
public final class CorpusName {

    /** The name is also part of every key of the state and of the checkpoints. */
    public static final int MAX_BYTES = 200;

    private static final String KEY = "The key";
    private static final String HEADER = "The header " + RequestHeaders.CORPUS;

    private CorpusName() {}

    /**
     * The name in a key.
     *
     * @param key a record key: UTF-8
     * @throws RejectedRecordException if it is not a valid name
     */
    public static String of(byte @Nullable [] key) {
        if (key == null) {
            throw new RejectedRecordException(
                    Reason.NO_KEY, "The record has no key: the key must be the name of its corpus.");
        }
        return valid(key, KEY);
    }

    /**
     * The name in the key of a text record or, if it has none, in the last of its headers {@link RequestHeaders#CORPUS}. A key that
     * is not valid is not replaced by a header.
     *
     * @throws RejectedRecordException if there is neither, or what counts is not a valid name
     */
    public static String ofText(byte @Nullable [] key, Headers headers) {
        if (key != null) {
            return valid(key, KEY);
        }
        Header header = headers.lastHeader(RequestHeaders.CORPUS);
        if (header == null) {
            throw new RejectedRecordException(
                    Reason.NO_KEY,
                    "The record has no key and no header %s: one of them must be the name of its corpus."
                            .formatted(RequestHeaders.CORPUS));
        }
        if (header.value() == null) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME,
                    "%s has no value, and the record has no key: one of them must be the name of its corpus."
                            .formatted(HEADER));
        }
        return valid(header.value(), HEADER);
    }

    private static String valid(byte[] bytes, String what) {
        if (bytes.length > MAX_BYTES) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME,
                    "%s has %d bytes: the name of a corpus may have at most %d."
                            .formatted(what, bytes.length, MAX_BYTES));
        }
        String name = StrictUtf8.decode(bytes, Reason.CORPUS_NAME, what);
        if (name.isBlank()) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME,
                    "%s is empty or blank: it must be the name of the record's corpus.".formatted(what));
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME,
                    "%s contains a control character, which the name of a corpus must not.".formatted(what));
        }
        return name;
    }
}

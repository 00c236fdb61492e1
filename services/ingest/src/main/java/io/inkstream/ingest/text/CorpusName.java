package io.inkstream.ingest.text;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;

/** Reads the name of a corpus from a record key. */
public final class CorpusName {

    /** More would not be a name; it also stands in front of every key of the state and of the checkpoints. */
    public static final int MOST_BYTES = 200;

    private CorpusName() {}

    /**
     * The name that a key holds.
     *
     * @param key a record key: UTF-8
     * @throws RejectedRecordException if it is no name for a corpus
     */
    public static String of(byte[] key) {
        if (key == null) {
            throw new RejectedRecordException(
                    Reason.NO_KEY, "The record has no key: give the name of its corpus as the key.");
        }
        if (key.length > MOST_BYTES) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME,
                    "The key has %d bytes: the name of a corpus has at most %d.".formatted(key.length, MOST_BYTES));
        }
        String name = StrictUtf8.decode(key, Reason.CORPUS_NAME, "The key");
        if (name.isBlank()) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME, "The key is empty or blank: give the name of the record's corpus as the key.");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME, "The key contains a control character: the name of a corpus must not.");
        }
        return name;
    }
}

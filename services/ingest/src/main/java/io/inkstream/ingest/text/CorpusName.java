package io.inkstream.ingest.text;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import org.jspecify.annotations.Nullable;

/** Reads the name of a corpus from a record key. */
public final class CorpusName {

    /** The name is also part of every key of the state and of the checkpoints. */
    public static final int MAX_BYTES = 200;

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
        if (key.length > MAX_BYTES) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME,
                    "The key has %d bytes: the name of a corpus may have at most %d.".formatted(key.length, MAX_BYTES));
        }
        String name = StrictUtf8.decode(key, Reason.CORPUS_NAME, "The key");
        if (name.isBlank()) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME, "The key is empty or blank: it must be the name of the record's corpus.");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new RejectedRecordException(
                    Reason.CORPUS_NAME, "The key contains a control character, which the name of a corpus must not.");
        }
        return name;
    }
}

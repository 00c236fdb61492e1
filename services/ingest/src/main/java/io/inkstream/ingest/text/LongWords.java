package io.inkstream.ingest.text;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.languagemodel.text.TokenSink;
import java.nio.charset.StandardCharsets;

/** Rejects text with words that are too long for a vocabulary entry, before any of its tokens gets an id. */
public final class LongWords implements TokenSink {

    /** Maximum size of a word in UTF-8. */
    public static final int MAX_BYTES = 1_000;

    @Override
    public void codePoint(int codePoint) {
        // at most four bytes
    }

    /**
     * Checks one word.
     *
     * @throws RejectedRecordException if it is too long
     */
    @Override
    public void token(String token) {
        if (token.length() > MAX_BYTES / 3 && token.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new RejectedRecordException(
                    Reason.LONG_WORD,
                    "The word that begins with '%s' has more than %d bytes: the text has no spaces, so use the tokenizer CHARACTERS."
                            .formatted(token.substring(0, token.offsetByCodePoints(0, 20)), MAX_BYTES));
        }
    }
}

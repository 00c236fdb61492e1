package io.inkstream.ingest.text;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import io.inkstream.languagemodel.text.TokenSink;
import java.nio.charset.StandardCharsets;

/** Refuses text with words that cannot be vocabulary entries, before any of its tokens gets an id. */
public final class LongWords implements TokenSink {

    /** Most bytes of UTF-8 of a word. */
    public static final int MOST_BYTES = 1_000;

    @Override
    public void codePoint(int codePoint) {
        // at most four bytes
    }

    /**
     * Looks at one word.
     *
     * @throws RejectedRecordException if it is too long
     */
    @Override
    public void token(String token) {
        if (token.length() > MOST_BYTES / 3 && token.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new RejectedRecordException(
                    Reason.LONG_WORD,
                    "The word that begins with '%s' has more than %d bytes: the text has no spaces, so take the tokenizer CHARACTERS."
                            .formatted(token.substring(0, token.offsetByCodePoints(0, 20)), MOST_BYTES));
        }
    }
}

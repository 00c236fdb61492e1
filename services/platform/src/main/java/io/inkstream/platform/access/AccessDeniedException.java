package io.inkstream.platform.access;

import io.inkstream.platform.InkstreamException;
import org.jspecify.annotations.Nullable;

/** Something is not permitted, or an identity is not accepted. The message is the whole sentence. */
public final class AccessDeniedException extends InkstreamException implements Denial {

    AccessDeniedException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }

    @Override
    public String sentence() {
        return String.valueOf(getMessage());
    }
}

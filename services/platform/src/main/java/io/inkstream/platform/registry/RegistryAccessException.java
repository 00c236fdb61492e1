package io.inkstream.platform.registry;

import io.inkstream.platform.access.Denial;
import org.jspecify.annotations.Nullable;

/** The registry rejects this client, or this client does not trust the registry. */
public final class RegistryAccessException extends RegistryException implements Denial {

    RegistryAccessException(String sentence, int status, int errorCode, @Nullable Throwable cause) {
        super(sentence, status, errorCode, cause);
    }

    @Override
    public String sentence() {
        return String.valueOf(getMessage());
    }
}

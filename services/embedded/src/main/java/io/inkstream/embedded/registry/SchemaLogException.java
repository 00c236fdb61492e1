package io.inkstream.embedded.registry;

import org.jspecify.annotations.Nullable;

/** An entry could not be added to the schema log. */
final class SchemaLogException extends RuntimeException {

    SchemaLogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

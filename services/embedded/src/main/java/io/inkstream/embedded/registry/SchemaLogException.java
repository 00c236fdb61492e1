package io.inkstream.embedded.registry;

/** An entry could not be added to the schema log. */
final class SchemaLogException extends RuntimeException {

    SchemaLogException(String message, Throwable cause) {
        super(message, cause);
    }
}

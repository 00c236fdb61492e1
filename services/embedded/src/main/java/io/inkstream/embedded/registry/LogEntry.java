package io.inkstream.embedded.registry;

import java.util.Objects;

/**
 * A record of the schema log.
 *
 * @param key what it is about; a later entry with the same bytes replaces it
 * @param value what is said of it, or null: it is gone
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody: bytes on their way to or from a topic
record LogEntry(byte[] key, byte[] value) {

    LogEntry {
        Objects.requireNonNull(key, "key");
    }
}

package io.inkstream.embedded.registry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record of the schema log.
 *
 * @param key what it is about; a later entry with the same bytes replaces it
 * @param value its state; null: it was deleted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: bytes on their way to or from a topic
record LogEntry(byte[] key, byte @Nullable [] value) {

    LogEntry(byte[] key, byte @Nullable [] value) {
        this.key = Objects.requireNonNull(key, "key");
        this.value = value;
    }
}

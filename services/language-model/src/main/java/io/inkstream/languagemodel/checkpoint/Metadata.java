package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata of a checkpoint file: strings by key, some of them JSON.
 *
 * @param entries not copied
 */
record Metadata(Map<String, String> entries) {

    void put(String key, String value) {
        entries.put(key, value);
    }

    void putJson(String key, Object value) {
        try {
            put(key, Safetensors.JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write %s as JSON".formatted(value.getClass()), e);
        }
    }

    Optional<String> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /**
     * A value that must be there.
     *
     * @throws IllegalArgumentException if it is missing
     */
    String required(String key) {
        return get(key).orElseThrow(() -> new IllegalArgumentException("The checkpoint has no '%s'".formatted(key)));
    }

    /**
     * A value that must be there, as JSON.
     *
     * @throws IllegalArgumentException if it is missing or cannot be parsed
     */
    <T> T json(String key, TypeReference<T> type) {
        try {
            return Safetensors.JSON.readValue(required(key), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The checkpoint's '%s' cannot be parsed".formatted(key), e);
        }
    }
}

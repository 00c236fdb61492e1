package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.Optional;

/**
 * Settings as JSON. Those of earlier versions say by which implementation PyTorch computed the recurrence; it is not a
 * setting any more.
 */
final class SettingsJson {

    private static final String IMPLEMENTATION = "implementation";
    private static final String EXPLICIT = "EXPLICIT";

    private SettingsJson() {}

    /** The settings as an object. */
    static String write(TrainingSettings settings) {
        try {
            return Safetensors.JSON.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Settings can always be written as JSON", e);
        }
    }

    /**
     * The settings in an object that this version has written, or an earlier one.
     *
     * @throws IllegalArgumentException if they cannot be parsed
     */
    static TrainingSettings read(String json) {
        return read(tree(json));
    }

    /** As {@link #read(String)}. */
    static TrainingSettings read(JsonNode json) {
        JsonNode copy = json.deepCopy();
        if (copy.path("network") instanceof ObjectNode network) {
            network.remove(IMPLEMENTATION);
        }
        try {
            return Safetensors.JSON.treeToValue(copy, TrainingSettings.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The settings cannot be parsed", e);
        }
    }

    /** The engine of an earlier version with these settings; empty: with the cell's equations spelled out in PyTorch. */
    static Optional<EngineKind> earlierEngine(JsonNode json) {
        boolean explicit = json.path("network").path(IMPLEMENTATION).asText().equals(EXPLICIT);
        return explicit ? Optional.empty() : Optional.of(EngineKind.PYTORCH);
    }

    /** Parses JSON. */
    static JsonNode tree(String json) {
        try {
            return Safetensors.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The settings cannot be parsed", e);
        }
    }
}

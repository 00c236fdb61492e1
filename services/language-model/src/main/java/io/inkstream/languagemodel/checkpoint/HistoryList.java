package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The history of a model in format 3: a list in the metadata. */
final class HistoryList {

    private HistoryList() {}

    /**
     * The history in a list of objects.
     *
     * @throws IllegalArgumentException if it cannot be parsed
     */
    static List<Span> read(String json) {
        List<Span> history = new ArrayList<>();
        for (JsonNode span : SettingsJson.tree(json)) {
            JsonNode settings = span.path("settings");
            history.add(new Span(
                    span.path("firstEpoch").asInt(),
                    span.path("tokens").asLong(),
                    span.path("heldOut").asLong(),
                    span.path("vocabulary").asInt(),
                    SettingsJson.read(settings),
                    SettingsJson.earlierEngine(settings),
                    span.path("threads").asInt()));
        }
        return history;
    }
}

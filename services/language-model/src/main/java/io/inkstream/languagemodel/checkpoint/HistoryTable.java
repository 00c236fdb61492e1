package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The history of a model as two tables: the spans, 48 bytes each, and the distinct settings that they refer to.
 *
 * @param spans a row for each: first epoch, tokens, held out, vocabulary, threads, and the index of the settings
 * @param settings as JSON
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record HistoryTable(long[] spans, StringTable settings) {

    private static final String SPANS = "history.spans";
    private static final String SETTINGS = "history.settings";
    private static final int COLUMNS = 6;

    HistoryTable {
        if (spans.length % COLUMNS != 0) {
            throw new IllegalArgumentException("A history of %d numbers has incomplete rows".formatted(spans.length));
        }
    }

    /** The table of a history. */
    static HistoryTable of(List<Span> history) {
        Map<TrainingSettings, Integer> settings = new LinkedHashMap<>();
        long[] spans = new long[Math.multiplyExact(history.size(), COLUMNS)];
        int at = 0;
        for (Span span : history) {
            int next = settings.size();
            Integer known = settings.putIfAbsent(span.settings(), next);
            spans[at++] = span.firstEpoch();
            spans[at++] = span.tokens();
            spans[at++] = span.heldOut();
            spans[at++] = span.vocabulary();
            spans[at++] = span.threads();
            spans[at++] = known == null ? next : known;
        }
        return new HistoryTable(
                spans,
                StringTable.of(
                        settings.keySet().stream().map(HistoryTable::json).toList()));
    }

    /** The table in a file. */
    static HistoryTable read(Safetensors file) {
        return new HistoryTable(file.longs(SPANS), StringTable.read(file, SETTINGS));
    }

    /** Adds the numbers; they come first, because 64-bit numbers are best aligned to 8 bytes. */
    void putNumbers(Map<String, StoredTensor> tensors) {
        tensors.put(SPANS, new StoredTensor.Longs(spans.length / COLUMNS, COLUMNS, spans));
        settings.putEnds(SETTINGS, tensors);
    }

    /** Adds the settings, which come last. */
    void putText(Map<String, StoredTensor> tensors) {
        settings.putText(SETTINGS, tensors);
    }

    /** The history. */
    List<Span> history() {
        List<TrainingSettings> known =
                settings.strings().stream().map(HistoryTable::settings).toList();
        List<Span> history = new ArrayList<>(spans.length / COLUMNS);
        for (int at = 0; at < spans.length; at += COLUMNS) {
            long index = spans[at + 5];
            if (index < 0 || index >= known.size()) {
                throw new IllegalArgumentException(
                        "A span of the history refers to settings %d of %d".formatted(index, known.size()));
            }
            history.add(new Span(
                    number(spans[at]),
                    spans[at + 1],
                    spans[at + 2],
                    number(spans[at + 3]),
                    known.get((int) index),
                    number(spans[at + 4])));
        }
        return history;
    }

    private static int number(long value) {
        if (value != (int) value) {
            throw new IllegalArgumentException(
                    "A span of the history contains %d, which is not an int".formatted(value));
        }
        return (int) value;
    }

    private static String json(TrainingSettings settings) {
        try {
            return Safetensors.JSON.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Settings can always be written as JSON", e);
        }
    }

    private static TrainingSettings settings(String json) {
        try {
            return Safetensors.JSON.readValue(json, TrainingSettings.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Settings of the history cannot be parsed", e);
        }
    }
}

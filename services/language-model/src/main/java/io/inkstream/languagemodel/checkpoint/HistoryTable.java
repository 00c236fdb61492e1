package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The history of a model as two tables: the spans, in 48 bytes each, and the different settings that they name.
 *
 * @param spans a row for each: first epoch, tokens, held out, vocabulary, threads, and which of the settings
 * @param settings as JSON
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record HistoryTable(long[] spans, StringTable settings) {

    private static final String SPANS = "history.spans";
    private static final String SETTINGS = "history.settings";
    private static final int COLUMNS = 6;

    HistoryTable {
        if (spans.length % COLUMNS != 0) {
            throw new IllegalArgumentException("A history of %d numbers has no whole rows".formatted(spans.length));
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

    /** The table that a file has. */
    static HistoryTable read(Safetensors file) {
        return new HistoryTable(file.longs(SPANS), StringTable.read(file, SETTINGS));
    }

    /** The numbers, to be put in front: 64-bit numbers lie best at multiples of 8. */
    void putNumbers(Map<String, StoredTensor> tensors) {
        tensors.put(SPANS, new StoredTensor.Longs(spans.length / COLUMNS, COLUMNS, spans));
        settings.putEnds(SETTINGS, tensors);
    }

    /** The settings, to be put last. */
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
                        "A span of the history names settings %d of %d".formatted(index, known.size()));
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
            throw new IllegalArgumentException("A span of the history holds %d".formatted(value));
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
            throw new IllegalArgumentException("Settings of the history cannot be read", e);
        }
    }
}

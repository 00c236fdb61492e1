package io.inkstream.languagemodel.checkpoint;

import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The history of a model as two tables: the spans, 56 bytes each, and the distinct settings that they refer to.
 *
 * @param spans a row for each: first epoch, tokens, held out, vocabulary, threads, the index of the settings, and the
 *     engine: 0 PyTorch, 1 Java, -1 one that is gone
 * @param settings as JSON
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record HistoryTable(long[] spans, StringTable settings) {

    private static final String SPANS = "history.spans";
    private static final String SETTINGS = "history.settings";
    private static final int COLUMNS = 7;
    private static final int COLUMNS_OF_FORMAT_4 = 6;
    private static final List<EngineKind> ENGINES = List.of(EngineKind.PYTORCH, EngineKind.JAVA);

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
            spans[at++] = span.engine().map(ENGINES::indexOf).orElse(-1);
        }
        return new HistoryTable(
                spans,
                StringTable.of(
                        settings.keySet().stream().map(SettingsJson::write).toList()));
    }

    /** The table in a file. */
    static HistoryTable read(Safetensors file) {
        return new HistoryTable(file.longs(SPANS), StringTable.read(file, SETTINGS));
    }

    /** The table in a file of format 4, which has no engines. */
    static HistoryTable readFormat4(Safetensors file) {
        long[] narrow = file.longs(SPANS);
        StringTable settings = StringTable.read(file, SETTINGS);
        List<Optional<EngineKind>> engines = settings.strings().stream()
                .map(SettingsJson::tree)
                .map(SettingsJson::earlierEngine)
                .toList();
        int rows = narrow.length / COLUMNS_OF_FORMAT_4;
        long[] spans = new long[rows * COLUMNS];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(narrow, row * COLUMNS_OF_FORMAT_4, spans, row * COLUMNS, COLUMNS_OF_FORMAT_4);
            spans[row * COLUMNS + 6] = element(engines, spans[row * COLUMNS + 5])
                    .map(ENGINES::indexOf)
                    .orElse(-1);
        }
        return new HistoryTable(spans, settings);
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
                settings.strings().stream().map(SettingsJson::read).toList();
        List<Span> history = new ArrayList<>(spans.length / COLUMNS);
        for (int at = 0; at < spans.length; at += COLUMNS) {
            history.add(new Span(
                    number(spans[at]),
                    spans[at + 1],
                    spans[at + 2],
                    number(spans[at + 3]),
                    element(known, spans[at + 5]),
                    engine(spans[at + 6]),
                    number(spans[at + 4])));
        }
        return history;
    }

    /** One of the settings that a span refers to, or what goes with them. */
    private static <T> T element(List<T> ofSettings, long index) {
        if (index < 0 || index >= ofSettings.size()) {
            throw new IllegalArgumentException(
                    "A span of the history refers to settings %d of %d".formatted(index, ofSettings.size()));
        }
        return ofSettings.get((int) index);
    }

    private static Optional<EngineKind> engine(long index) {
        if (index < -1 || index >= ENGINES.size()) {
            throw new IllegalArgumentException("A span of the history refers to an engine %d".formatted(index));
        }
        return index < 0 ? Optional.empty() : Optional.of(ENGINES.get((int) index));
    }

    private static int number(long value) {
        if (value != (int) value) {
            throw new IllegalArgumentException(
                    "A span of the history contains %d, which is not an int".formatted(value));
        }
        return (int) value;
    }
}

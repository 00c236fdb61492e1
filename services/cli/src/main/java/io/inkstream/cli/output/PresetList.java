package io.inkstream.cli.output;

import io.inkstream.lessons.presets.Book;
import io.inkstream.lessons.presets.Expectation;
import io.inkstream.lessons.presets.OwnText;
import io.inkstream.lessons.presets.Preset;
import io.inkstream.lessons.presets.PresetText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The presets, for reading. */
public final class PresetList {

    private PresetList() {}

    /** A few lines for each preset. */
    public static List<String> lines(List<Preset> presets) {
        List<String> lines = new ArrayList<>();
        for (Preset preset : presets) {
            lines.add(preset.name());
            lines.add("    " + preset.description());
            lines.add("    reads      %s, as %s".formatted(text(preset.text()), SettingsInWords.of(preset.reading())));
            lines.add("    settings   " + SettingsInWords.of(preset.training()));
            lines.add("    published  " + preset.published());
            lines.add("    pytorch    " + preset.pytorch().words());
            lines.add("    asked      " + asked(preset.expectation()));
        }
        return lines;
    }

    /** {@code ≤ 1.36}, {@code ≥ 60 of 100}, {@code learns}. */
    static String asked(Expectation expectation) {
        return switch (expectation.kind()) {
            case PERPLEXITY -> "≤ " + BigDecimal.valueOf(expectation.bound()).toPlainString();
            case ANSWER -> "≥ %d of %d".formatted((int) expectation.bound(), expectation.seeds());
            case LEARNING -> "learns";
        };
    }

    private static String text(PresetText text) {
        return text instanceof Book book
                ? "%s (%s)".formatted(book.title(), book.fileName())
                : "'%s'".formatted(((OwnText) text).words());
    }
}

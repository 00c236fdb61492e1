package io.inkstream.cli.commands;

import io.inkstream.client.text.TextSource;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.TextReader;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.NormalizerKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a demo reads.
 *
 * @param corpus the name of its corpus
 * @param title what it is called
 * @param source its text
 * @param prefixes prefixes that suit it; empty: to be cut from the text
 */
record DemoText(String corpus, String title, TextSource source, List<String> prefixes) {

    private static final int BEGINNING = 200_000; // bytes that are looked through for prefixes
    private static final Pattern TWO_WORDS = Pattern.compile("(?<!\\S)\\S{3,15} \\S{3,15}(?!\\S)");
    private static final int SHORT = 4;

    /** The story that comes with the program. */
    static DemoText builtIn() {
        return new DemoText(
                "the-old-press",
                "The Old Press and the River",
                TextSource.resource("the built-in story", "/io/inkstream/cli/the-old-press.txt"),
                List.of("the old press", "the river"));
    }

    /** A file of the user's. */
    static DemoText of(Path file) {
        String name = String.valueOf(file.getFileName());
        String corpus = name.replaceFirst("\\.[^.]*$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "-")
                .replaceAll("^-|-$", "");
        return new DemoText(corpus.isEmpty() ? "demo" : corpus, name, TextSource.file(file), List.of());
    }

    /** Two prefixes from the text itself, as the model will have read it. */
    List<String> prefixes(NormalizerKind normalizer) {
        return prefixes.isEmpty() ? cut(beginning(), normalizer) : prefixes;
    }

    /** The first two words, and two words from further on; of a text without spaces, a few characters. */
    static List<String> cut(String text, NormalizerKind normalizer) {
        Reading reading = Reading.of(Tokenizer.CHARACTERS, SpecConversion.normalizer(normalizer));
        String normalized = new TextReader(reading).normalize(text, true);
        List<String> prefixes = new ArrayList<>();
        Matcher words = TWO_WORDS.matcher(normalized);
        for (int from : new int[] {0, normalized.length() / 3}) {
            String prefix = words.find(from) ? words.group() : fewCharacters(normalized.substring(from));
            if (!prefix.isEmpty() && !prefixes.contains(prefix)) {
                prefixes.add(prefix);
            }
        }
        return prefixes;
    }

    private static String fewCharacters(String text) {
        String stripped = text.strip();
        int characters = Math.min(SHORT, stripped.codePointCount(0, stripped.length()));
        return stripped.substring(0, stripped.offsetByCodePoints(0, characters));
    }

    private String beginning() {
        StringBuilder beginning = new StringBuilder();
        source.records(record -> {
            if (beginning.length() < BEGINNING) {
                beginning.append(new String(record, StandardCharsets.UTF_8));
            }
        });
        return beginning.toString();
    }
}

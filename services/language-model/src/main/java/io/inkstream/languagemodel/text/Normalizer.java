package io.inkstream.languagemodel.text;

import java.util.Locale;
import java.util.regex.Pattern;

/** What is done to a line of text before it is cut into tokens. */
public enum Normalizer {
    /**
     * Every run of characters that are not letters of any script becomes one space; the line is stripped and
     * lower-cased; lines are joined by one space.
     */
    LETTERS(" ") {
        @Override
        public String line(String line) {
            return strip(ANYTHING_BUT_LETTERS.matcher(line).replaceAll(" ")).toLowerCase(Locale.ROOT);
        }
    },
    /**
     * Every run of characters other than A to Z becomes one space; the line is stripped and lower-cased; lines are
     * joined without a separator. The published results on The Time Machine were measured on text read this way.
     */
    TIME_MACHINE("") {
        @Override
        public String line(String line) {
            return strip(ANYTHING_BUT_A_TO_Z.matcher(line).replaceAll(" ")).toLowerCase(Locale.ROOT);
        }
    },
    /** The text as it is; each line ends with one LF. */
    VERBATIM("") {
        @Override
        public String line(String line) {
            return line + "\n";
        }
    };

    private static final Pattern ANYTHING_BUT_LETTERS = Pattern.compile("[^\\p{L}\\p{M}]+");
    private static final Pattern ANYTHING_BUT_A_TO_Z = Pattern.compile("[^A-Za-z]+");

    private final String separator;

    Normalizer(String separator) {
        this.separator = separator;
    }

    /**
     * Normalizes one line.
     *
     * @param line a line without its line end
     * @return the normalized line; empty when nothing is left
     */
    public abstract String line(String line);

    /** The text between two lines that are not empty after normalization. */
    public String separator() {
        return separator;
    }

    private static String strip(String line) {
        int from = line.startsWith(" ") ? 1 : 0;
        int to = line.length() > from && line.endsWith(" ") ? line.length() - 1 : line.length();
        return line.substring(from, to);
    }
}

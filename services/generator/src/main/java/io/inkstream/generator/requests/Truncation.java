package io.inkstream.generator.requests;

/** Shortens what a client or a server sent, before it is repeated in a message. */
public final class Truncation {

    /** Maximum length of a name or a value that is quoted within a sentence. */
    private static final int MAX_QUOTE = 200;

    /** Maximum length of a sentence. */
    private static final int MAX_SENTENCE = 2000;

    private Truncation() {}

    /** The beginning of a text that is quoted within a sentence. */
    public static String quote(String text) {
        return beginning(text, MAX_QUOTE);
    }

    /** The beginning of a sentence. */
    public static String sentence(String text) {
        return beginning(text, MAX_SENTENCE);
    }

    private static String beginning(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end) + "…";
    }
}

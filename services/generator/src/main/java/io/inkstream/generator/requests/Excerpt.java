package io.inkstream.generator.requests;

/** Quotes what a client or a server said without repeating all of it. */
public final class Excerpt {

    /** The most characters of a name or a value that a sentence quotes. */
    private static final int QUOTED = 200;

    /** The most characters of a whole sentence. */
    private static final int SENTENCE = 2000;

    private Excerpt() {}

    /** The beginning of a text that is quoted within a sentence; null stays null. */
    public static String quoted(String text) {
        return beginning(text, QUOTED);
    }

    /** The beginning of a sentence; null stays null. */
    public static String sentence(String text) {
        return beginning(text, SENTENCE);
    }

    private static String beginning(String text, int most) {
        if (text == null || text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "…";
    }
}

package io.inkstream.systemtests.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Text that is made up from a seed: lines of words from a small dictionary, which grows with the text by words of
 * characters that are new - other Latin ones, Greek, Chinese, emoji, a letter followed by a combining accent.
 */
public final class GeneratedText {

    private static final List<List<String>> ALPHABETS = List.of(
            characters("abcdefghijklm"),
            characters("nopqrstuvwxyzÄÖÜ"),
            characters("αβγδεζηθλμ"),
            characters("山水火木金土日月風雲"),
            List.of("🌊", "🎈", "👩‍🚀", "e\u0301", "🇪🇺", "𝄞"));

    private static final int WORDS = 30;
    private static final int LETTERS = 5;

    private final long seed;
    private final List<List<String>> dictionary = new ArrayList<>();

    /** The text of a seed. */
    public GeneratedText(long seed) {
        this.seed = seed;
        Random random = new Random(seed);
        for (List<String> alphabet : ALPHABETS) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < WORDS; i++) {
                StringBuilder word = new StringBuilder();
                for (int length = 1 + random.nextInt(LETTERS); length > 0; length--) {
                    word.append(alphabet.get(random.nextInt(alphabet.size())));
                }
                words.add(word.toString());
            }
            dictionary.add(words);
        }
    }

    /**
     * A piece of it: the same whenever it is asked for.
     *
     * @param number which piece; with each fifth new characters are added, until all are used
     * @param lines lines of about 30 characters
     */
    public String piece(int number, int lines) {
        Random random = new Random(seed * 1_000_003 + number);
        int known = Math.min(dictionary.size(), 1 + number / 5);
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < lines; line++) {
            for (int word = 0; word < 8; word++) {
                // The earlier characters stay the usual ones.
                List<String> words = dictionary.get(Math.min(random.nextInt(known), random.nextInt(known)));
                text.append(word == 0 ? "" : random.nextInt(6) == 0 ? ", " : " ")
                        .append(words.get(random.nextInt(words.size())));
            }
            text.append(".\n");
        }
        return text.toString();
    }

    private static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }
}

package io.inkstream.languagemodel.text;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How the text of a corpus is read. Fixed with its first text, because every token id depends on it.
 *
 * @param tokenizer what a token is
 * @param normalizer what is done to each line before it is cut into tokens
 * @param nfc true: each line is put into Unicode's composed form (NFC), so that a letter and its accent are one
 *     character wherever Unicode has one for both
 * @param reservedTokens tokens with the ids 1, 2, …, whether or not the text contains them; wherever a normalized line
 *     contains one, it is read whole; if several fit, the longest
 */
public record Reading(Tokenizer tokenizer, Normalizer normalizer, boolean nfc, List<String> reservedTokens) {

    /** Maximum size of all reserved tokens together in UTF-8: every token block carries them. */
    public static final int MAX_RESERVED_BYTES = 1_000;

    /** The default: Unicode characters, of letters and spaces. */
    public static final Reading DEFAULT = of(Tokenizer.CHARACTERS, Normalizer.LETTERS);

    /**
     * Checks the reserved tokens.
     *
     * @throws IllegalArgumentException if one can never occur in text, one is repeated, or all together are too long; the
     *     message is a sentence without its full stop
     */
    public Reading {
        reservedTokens = List.copyOf(reservedTokens);
        require(
                reservedTokens.isEmpty() || tokenizer != Tokenizer.BYTES,
                "A token of the tokenizer BYTES is one byte, so '%s' cannot be reserved",
                reservedTokens.isEmpty() ? "" : reservedTokens.get(0));
        Set<String> seen = new HashSet<>();
        int bytes = 0;
        for (String token : reservedTokens) {
            require(!token.isBlank(), "A reserved token must not be blank");
            require(
                    !token.equals(Vocabulary.UNKNOWN),
                    "%s always has the id 0 and need not be reserved",
                    Vocabulary.UNKNOWN);
            require(seen.add(token), "The reserved token '%s' is listed twice", token);
            require(token.chars().noneMatch(Reading::endsLines), "A reserved token must not contain a line break");
            require(isText(token), "A reserved token contains half a surrogate pair");
            require(
                    !nfc || Nfc.is(token),
                    "The reserved token '%s' is not in composed form (NFC), so text in this form never contains it",
                    token);
            bytes += token.getBytes(StandardCharsets.UTF_8).length;
        }
        require(
                bytes <= MAX_RESERVED_BYTES,
                "The reserved tokens have %d bytes in all; the maximum is %d",
                bytes,
                MAX_RESERVED_BYTES);
    }

    /** Without NFC and without reserved tokens. */
    public static Reading of(Tokenizer tokenizer, Normalizer normalizer) {
        return new Reading(tokenizer, normalizer, false, List.of());
    }

    /**
     * From the names of tokenizer and normalizer, as records and files contain them.
     *
     * @throws IllegalArgumentException if there is none with this name, or as the constructor
     */
    public static Reading named(String tokenizer, String normalizer, boolean nfc, List<String> reservedTokens) {
        return new Reading(Tokenizer.valueOf(tokenizer), Normalizer.valueOf(normalizer), nfc, reservedTokens);
    }

    /**
     * Checks that a vocabulary begins with the reserved tokens.
     *
     * @throws IllegalArgumentException if it does not
     */
    public void check(Vocabulary vocabulary) {
        List<String> entries = vocabulary.entries();
        int reserved = reservedTokens.size();
        require(
                entries.size() >= reserved && entries.subList(0, reserved).equals(reservedTokens),
                "A vocabulary does not begin with its reserved tokens %s",
                reservedTokens);
    }

    /** The reserved tokens that the normalizer removes from any text, so that they are never read. */
    public List<String> unreachableTokens() {
        return reservedTokens.stream()
                .filter(token -> !normalizer.line("a" + token + "a").contains(token))
                .toList();
    }

    /** For instance {@code the tokenizer CHARACTERS and the normalizer LETTERS, in NFC, with the reserved tokens [<eos>]}. */
    public String description() {
        return "the tokenizer %s and the normalizer %s%s%s"
                .formatted(
                        tokenizer,
                        normalizer,
                        nfc ? ", in NFC" : "",
                        reservedTokens.isEmpty() ? "" : ", with the reserved tokens " + reservedTokens);
    }

    private static boolean endsLines(int character) {
        return character == '\n' || character == '\r';
    }

    private static boolean isText(String token) {
        return token.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}

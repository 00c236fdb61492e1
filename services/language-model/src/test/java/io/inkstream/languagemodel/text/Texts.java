package io.inkstream.languagemodel.text;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators for lines of many scripts and for all ways to read them. */
final class Texts {

    /** Text that could be misread: parts of letters with marks, of reserved tokens, of surrogate pairs. */
    private static final String[] TELLING = {
        "",
        " ",
        "\uFEFF",
        "\uFEFF\uFEFFa",
        "The Time",
        "1898",
        "É!",
        "e\u0301",
        "e\u0323\u0301",
        "e\u0301\u0323",
        "e\u200D\u0301",
        "H\u0331",
        "\u03AA\u0301",
        "\u0301",
        "\u0338",
        "\u212B\u212A",
        "\u1112\u1161\u11AB",
        "\uD83D\uDE00",
        "\uD83D\uDC69\u200D\uD83D\uDC67",
        "\uD834\uDD57\uD834\uDD65",
        "\uD842\uDFB7\u3099",
        "ΟΔΟΣ",
        "İ",
        "a\u2028b",
        "李白 杜甫",
        "\t",
        "<eos>",
        "<e",
        "os>",
        "aab",
        "ababa",
    };

    /** Some of them begin or end like another, are contained in another, or contain a space. */
    private static final String[] RESERVED = {
        "<eos>",
        "<e",
        "eos",
        ">",
        "e",
        "é",
        "ẖ",
        "한",
        "\uD83D\uDE00",
        "\uD83D\uDC69\u200D",
        "a b",
        "ab",
        "aba",
        "time",
        " t",
    };

    private Texts() {}

    /** Up to 8 lines without their line ends. Text decoded from UTF-8 has no halves of surrogate pairs. */
    static Arbitrary<List<String>> lines() {
        Arbitrary<String> anything =
                Arbitraries.strings().excludeChars('\n', '\r').ofMaxLength(12).filter(Texts::isText);
        Arbitrary<String> telling = Arbitraries.of(TELLING).list().ofMaxSize(5).map(parts -> String.join("", parts));
        Arbitrary<String> halves =
                Arbitraries.of("a", "b", "t", "ime", " ").list().ofMaxSize(3).map(parts -> String.join("", parts));
        return Arbitraries.oneOf(anything, telling, halves).list().ofMinSize(1).ofMaxSize(8);
    }

    /** Every tokenizer and normalizer, with and without NFC and reserved tokens. */
    static Arbitrary<Reading> readings() {
        return Combinators.combine(
                        Arbitraries.of(Tokenizer.class),
                        Arbitraries.of(Normalizer.class),
                        Arbitraries.of(true, false),
                        Arbitraries.of(RESERVED).set().ofMaxSize(4))
                .as((tokenizer, normalizer, nfc, reserved) -> new Reading(
                        tokenizer, normalizer, nfc, tokenizer == Tokenizer.BYTES ? List.of() : List.copyOf(reserved)));
    }

    static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}

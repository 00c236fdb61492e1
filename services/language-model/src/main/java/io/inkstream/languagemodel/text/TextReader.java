package io.inkstream.languagemodel.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns text that arrives in pieces of whole lines into tokens. The tokens do not depend on how the lines were spread
 * over the pieces: each line is normalized and cut by itself, and so is what stands between two lines.
 */
public final class TextReader {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Reading reading;
    private final ReservedTokens reserved;

    /** Reads text in this way. */
    public TextReader(Reading reading) {
        this.reading = reading;
        this.reserved = new ReservedTokens(reading.reservedTokens());
    }

    /** How it reads. */
    public Reading reading() {
        return reading;
    }

    /**
     * Reads one piece.
     *
     * @param text one or more whole lines, as for {@link #parts}
     * @param first true when no token of this corpus was made before this piece
     * @return the tokens, in order; empty when normalization leaves nothing
     */
    public List<String> read(String text, boolean first) {
        List<String> tokens = new ArrayList<>();
        cut(parts(text, first), TokenSink.strings(tokens::add));
        return tokens;
    }

    /**
     * Normalizes one piece into the parts that are cut each by itself.
     *
     * @param text one or more whole lines with LF, CRLF or CR as line end; the last need not have one. A byte order
     *     mark at the start of a line is skipped: files that were put together have one in their midst. Text of length
     *     0 has no line; an empty line by itself is one line end.
     * @param first true when no token of this corpus was made before this piece
     * @return the normalized lines and what stands between them, and between them and the piece before, or all of that
     *     as one part; empty when nothing is left
     */
    public List<String> parts(String text, boolean first) {
        List<String> parts = new ArrayList<>();
        String separator = separator();
        text.lines()
                .map(TextReader::withoutByteOrderMark)
                .map(this::line)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    if (!separator.isEmpty() && !(first && parts.isEmpty())) {
                        parts.add(separator);
                    }
                    parts.add(line);
                });
        // With nothing reserved no token can go across a line, and one long part is cut faster than many short ones.
        return reserved.any() || parts.isEmpty() ? parts : List.of(String.join("", parts));
    }

    /** Normalizes one piece: the {@link #parts}, joined. */
    public String normalize(String text, boolean first) {
        return String.join("", parts(text, first));
    }

    /**
     * Cuts normalized text into tokens and hands them to the sink, in order.
     *
     * @param parts what {@link #parts} returned
     */
    public void cut(List<String> parts, TokenSink sink) {
        parts.forEach(part -> reserved.cut(part, reading.tokenizer(), sink));
    }

    /**
     * Cuts a prefix that the corpus's model is to go on from: reserved tokens are read whole, and a corpus in NFC has its
     * prefix in NFC. Beyond that the prefix is not normalized: it should be written as the corpus reads.
     *
     * @return the tokens, in order
     */
    public List<String> cutPrefix(String prefix) {
        List<String> tokens = new ArrayList<>();
        cut(List.of(reading.nfc() ? Nfc.of(prefix) : prefix), TokenSink.strings(tokens::add));
        return tokens;
    }

    private String line(String line) {
        if (!reading.nfc()) {
            return reading.normalizer().line(line);
        }
        // Once more, for lower-casing can make a pair of which Unicode has a composed form: H with a line below has
        // none,
        // h with a line below has.
        return Nfc.of(reading.normalizer().line(Nfc.of(line)));
    }

    /**
     * A word never goes on in the next line: if it did, the last word of a piece would have to wait for the next piece.
     * To the word tokenizer a space more or less makes no difference.
     */
    private String separator() {
        return reading.tokenizer() == Tokenizer.WORDS
                ? " "
                : reading.normalizer().separator();
    }

    private static String withoutByteOrderMark(String line) {
        return !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK ? line.substring(1) : line;
    }
}

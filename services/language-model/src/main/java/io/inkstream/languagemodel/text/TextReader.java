package io.inkstream.languagemodel.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns text that arrives in pieces of whole lines into tokens. The tokens do not depend on how the lines were divided
 * into pieces: each line is normalized and cut by itself, and so is the separator between two lines.
 */
public final class TextReader {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Reading reading;
    private final ReservedTokens reserved;

    /** A reader with these rules. */
    public TextReader(Reading reading) {
        this.reading = reading;
        this.reserved = new ReservedTokens(reading.reservedTokens());
    }

    /** Its rules. */
    public Reading reading() {
        return reading;
    }

    /**
     * Reads one piece.
     *
     * @param text one or more whole lines, as for {@link #parts}
     * @param first true when no token of this corpus came before this piece
     * @return the tokens, in order; empty when nothing is left after normalization
     */
    public List<String> read(String text, boolean first) {
        List<String> tokens = new ArrayList<>();
        cut(parts(text, first), TokenSink.strings(tokens::add));
        return tokens;
    }

    /**
     * Normalizes one piece into parts, each of which is cut by itself.
     *
     * @param text one or more whole lines with LF, CRLF or CR as line end; the last need not have one. A byte order
     *     mark at the start of a line is skipped: concatenated files have them in the middle. Text of length 0 has no
     *     line; an empty line is a line end alone.
     * @param first true when no token of this corpus came before this piece
     * @return the normalized lines with their separators, one between the previous piece and this one included; or all
     *     of them as one part; empty when nothing is left
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
        // Without reserved tokens no token can span two lines, and one long part is cut faster than many short ones.
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
     * Cuts a prefix that the corpus's model is to continue: reserved tokens are read whole, and for a corpus in NFC the
     * prefix is put into NFC. It is not normalized otherwise: it should be written like the normalized text.
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
        // Composed again, because lower-casing can create a pair for which Unicode has a composed form: there is none
        // for
        // H with a line below, but there is for h.
        return Nfc.of(reading.normalizer().line(Nfc.of(line)));
    }

    /**
     * A word never continues on the next line: otherwise the last word of a piece would have to wait for the next piece.
     * Additional spaces make no difference to the word tokenizer.
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

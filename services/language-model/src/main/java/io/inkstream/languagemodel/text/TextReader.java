package io.inkstream.languagemodel.text;

import java.util.List;

/**
 * Turns text that arrives in pieces of whole lines into tokens. The tokens do not depend on how the lines were spread
 * over the pieces.
 *
 * @param normalizer what is done to each line
 * @param tokenizer how the result is cut
 */
public record TextReader(Normalizer normalizer, Tokenizer tokenizer) {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * Reads one piece.
     *
     * @param text one or more whole lines, as for {@link #normalize}
     * @param first true when no token of this corpus was made before this piece
     * @return the tokens, in order; empty when normalization leaves nothing
     */
    public List<String> read(String text, boolean first) {
        return tokenizer.cut(normalize(text, first));
    }

    /**
     * Normalizes one piece: what the tokenizer then cuts.
     *
     * @param text one or more whole lines with LF, CRLF or CR as line end; the last need not have one. A byte order
     *     mark at the start of a line is skipped: files that were put together have one in their midst. Text of length
     *     0 has no line; an empty line by itself is one line end.
     * @param first true when no token of this corpus was made before this piece
     * @return the normalized lines, joined to each other and to the piece before; empty when nothing is left
     */
    public String normalize(String text, boolean first) {
        StringBuilder normalized = new StringBuilder(text.length());
        text.lines()
                .map(TextReader::withoutByteOrderMark)
                .map(normalizer::line)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    if (!first || !normalized.isEmpty()) {
                        normalized.append(separator());
                    }
                    normalized.append(line);
                });
        return normalized.toString();
    }

    /**
     * A word never goes on in the next line: if it did, the last word of a piece would have to wait for the next piece.
     * To the word tokenizer a space more or less makes no difference.
     */
    private String separator() {
        return tokenizer == Tokenizer.WORDS ? " " : normalizer.separator();
    }

    private static String withoutByteOrderMark(String line) {
        return !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK ? line.substring(1) : line;
    }
}

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
     * @param text one or more whole lines with LF, CRLF or CR as line end; the last need not have one; a leading byte
     *     order mark is skipped
     * @param first true when no token of this corpus was made before this piece
     * @return the tokens, in order; empty when normalization leaves nothing
     */
    public List<String> read(String text, boolean first) {
        String body = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        StringBuilder normalized = new StringBuilder(body.length());
        body.lines().map(normalizer::line).filter(line -> !line.isEmpty()).forEach(line -> {
            if (!first || !normalized.isEmpty()) {
                normalized.append(normalizer.separator());
            }
            normalized.append(line);
        });
        return tokenizer.cut(normalized.toString());
    }
}

package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.text.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The text of the tokens of one request, built token by token, equal to {@link Tokenizer#join} of all of them; and the
 * search for stop strings in it, which looks at each character once.
 */
final class GeneratedText {

    /** In UTF-8. */
    private static final int MAX_CHARACTER_BYTES = 4;

    private final Tokenizer tokenizer;
    private final StopStrings stop;
    private final StringBuilder text = new StringBuilder();
    /** True when the next word needs a space before it. */
    private boolean spaceDue;
    /** Bytes of a character that is not complete yet. */
    private final ByteBuffer unfinished = ByteBuffer.allocate(2 * MAX_CHARACTER_BYTES);

    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);

    /**
     * An empty text.
     *
     * @param prefix the text that it follows
     * @param stop strings, before the first of which it ends
     */
    GeneratedText(Tokenizer tokenizer, String prefix, List<String> stop) {
        this.tokenizer = tokenizer;
        this.stop = new StopStrings(stop);
        this.spaceDue = !prefix.isEmpty() && !Character.isWhitespace(prefix.charAt(prefix.length() - 1));
    }

    /**
     * Adds a token.
     *
     * @return true when a stop string appeared: the text is cut before it and has ended
     */
    boolean append(String token) {
        int before = text.length();
        switch (tokenizer) {
            case CHARACTERS -> text.append(token);
            case WORDS -> appendWord(token);
            case BYTES -> appendByte(token);
        }
        return cutAtStop(before);
    }

    /**
     * Ends the text: a character that is not complete becomes U+FFFD.
     *
     * @return true when that completed a stop string
     */
    boolean end() {
        int before = text.length();
        if (unfinished.position() > 0) {
            decode(true);
        }
        return cutAtStop(before);
    }

    /** Characters of the text so far, in UTF-16 units. */
    int length() {
        return text.length();
    }

    /** The text so far. */
    @Override
    public String toString() {
        if (unfinished.position() == 0) {
            return text.toString();
        }
        return text + new String(unfinished.array(), 0, unfinished.position(), StandardCharsets.UTF_8);
    }

    private void appendWord(String word) {
        boolean lineEnd = word.equals("\n");
        if (spaceDue && !lineEnd) {
            text.append(' ');
        }
        text.append(word);
        spaceDue = !lineEnd;
    }

    private void appendByte(String token) {
        // A byte is the character of its value; Tokenizer.join handles anything else.
        if (token.length() == 1) {
            unfinished.put((byte) token.charAt(0));
            decode(false);
        } else {
            decode(true);
            text.append(tokenizer.join(List.of(token)));
        }
    }

    private void decode(boolean end) {
        CharBuffer characters = CharBuffer.allocate(2 * MAX_CHARACTER_BYTES);
        unfinished.flip();
        utf8.decode(unfinished, characters, end);
        if (end) {
            utf8.flush(characters);
            utf8.reset();
        }
        unfinished.compact();
        text.append(characters.flip());
    }

    /**
     * Searches what was added; of several stop strings that it completes, the text ends before the one that begins first.
     *
     * @param from the length of the text before
     */
    private boolean cutAtStop(int from) {
        int first = text.length();
        for (int i = from; i < text.length(); i++) {
            int length = stop.next(text.charAt(i));
            if (length > 0) {
                first = Math.min(first, i + 1 - length);
            }
        }
        boolean found = first < text.length();
        if (found) {
            text.setLength(first);
            unfinished.clear();
        }
        return found;
    }
}

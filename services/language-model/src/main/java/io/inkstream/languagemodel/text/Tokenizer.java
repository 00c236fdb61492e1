package io.inkstream.languagemodel.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts normalized text into tokens, and joins tokens to text. */
public enum Tokenizer {
    /** A token is a Unicode code point; surrogate pairs are not split. */
    CHARACTERS {
        @Override
        public void cut(String text, TokenSink sink) {
            for (int i = 0; i < text.length(); ) {
                int codePoint = text.codePointAt(i);
                sink.codePoint(codePoint);
                i += Character.charCount(codePoint);
            }
        }

        @Override
        public String join(List<String> tokens) {
            return String.join("", tokens);
        }
    },
    /** A token is a run of characters without white space, or one line end. */
    WORDS {
        @Override
        public void cut(String text, TokenSink sink) {
            int start = -1;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (Character.isWhitespace(c)) {
                    if (start >= 0) {
                        sink.token(text.substring(start, i));
                        start = -1;
                    }
                    if (c == '\n') {
                        sink.token("\n");
                    }
                } else if (start < 0) {
                    start = i;
                }
            }
            if (start >= 0) {
                sink.token(text.substring(start));
            }
        }

        @Override
        public String join(List<String> tokens) {
            StringBuilder text = new StringBuilder();
            for (String token : tokens) {
                boolean lineEnd = token.equals("\n");
                if (!text.isEmpty() && !lineEnd && text.charAt(text.length() - 1) != '\n') {
                    text.append(' ');
                }
                text.append(token);
            }
            return text.toString();
        }
    },
    /** A token is a byte of the UTF-8 encoding, written as the character U+0000 to U+00FF of that value. */
    BYTES {
        @Override
        public void cut(String text, TokenSink sink) {
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                sink.codePoint(b & 0xFF);
            }
        }

        @Override
        public String join(List<String> tokens) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(tokens.size());
            for (String token : tokens) {
                if (token.length() == 1) {
                    bytes.write(token.charAt(0));
                } else {
                    bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8));
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    };

    /** Cuts text into tokens and hands them to the sink, in order. */
    public abstract void cut(String text, TokenSink sink);

    /** Cuts text into tokens, in order. */
    public List<String> cut(String text) {
        List<String> tokens = new ArrayList<>();
        cut(text, TokenSink.strings(tokens::add));
        return tokens;
    }

    /** Joins tokens to text; {@code join(cut(text))} is {@code text}, except for white space between words. */
    public abstract String join(List<String> tokens);
}

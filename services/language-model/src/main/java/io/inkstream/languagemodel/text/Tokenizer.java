package io.inkstream.languagemodel.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts normalized text into tokens, and joins tokens to text. */
public enum Tokenizer {
    /** A token is a Unicode code point: a surrogate pair is never cut in two. */
    CHARACTERS {
        @Override
        public List<String> cut(String text) {
            List<String> tokens = new ArrayList<>(text.length());
            for (int i = 0; i < text.length(); ) {
                int end = text.offsetByCodePoints(i, 1);
                tokens.add(text.substring(i, end));
                i = end;
            }
            return tokens;
        }

        @Override
        public String join(List<String> tokens) {
            return String.join("", tokens);
        }
    },
    /** A token is a run of characters without white space, or one line end. */
    WORDS {
        @Override
        public List<String> cut(String text) {
            List<String> tokens = new ArrayList<>();
            int start = -1;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (Character.isWhitespace(c)) {
                    if (start >= 0) {
                        tokens.add(text.substring(start, i));
                        start = -1;
                    }
                    if (c == '\n') {
                        tokens.add("\n");
                    }
                } else if (start < 0) {
                    start = i;
                }
            }
            if (start >= 0) {
                tokens.add(text.substring(start));
            }
            return tokens;
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
        public List<String> cut(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            List<String> tokens = new ArrayList<>(bytes.length);
            for (byte b : bytes) {
                tokens.add(String.valueOf((char) (b & 0xFF)));
            }
            return tokens;
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

    /** Cuts text into tokens, in order. */
    public abstract List<String> cut(String text);

    /** Joins tokens to text; {@code join(cut(text))} is {@code text} but for white space between words. */
    public abstract String join(List<String> tokens);
}

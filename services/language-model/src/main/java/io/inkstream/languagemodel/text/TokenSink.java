package io.inkstream.languagemodel.text;

import java.util.function.Consumer;

/**
 * Takes the tokens of a text, one after the other. Most tokens are one code point; those come as a number, so that
 * reading a book does not make a string of every character.
 */
public interface TokenSink {

    /** Takes a token that is this code point; with {@link Tokenizer#BYTES} it is the value of a byte. */
    void codePoint(int codePoint);

    /** Takes any other token. */
    void token(String token);

    /** Takes every token as a string. */
    static TokenSink strings(Consumer<String> tokens) {
        return new TokenSink() {
            @Override
            public void codePoint(int codePoint) {
                tokens.accept(Character.toString(codePoint));
            }

            @Override
            public void token(String token) {
                tokens.accept(token);
            }
        };
    }
}

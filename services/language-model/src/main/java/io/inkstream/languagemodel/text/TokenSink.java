package io.inkstream.languagemodel.text;

import java.util.function.Consumer;

/**
 * Receives the tokens of a text, one after the other. Most tokens are one code point; those are passed as a number, so
 * that reading a book does not create a string for every character.
 */
public interface TokenSink {

    /** Receives a token that is this code point; with {@link Tokenizer#BYTES} it is the value of a byte. */
    void codePoint(int codePoint);

    /** Receives any other token. */
    void token(String token);

    /** A sink that passes every token on as a string. */
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

package io.inkstream.ingest.state;

import io.inkstream.languagemodel.text.TextReader;

/**
 * How far a corpus has come.
 *
 * @param reader how its text is read; fixed as soon as it has tokens
 * @param nextPosition position of the next token: the number of tokens so far
 * @param vocabularySize number of vocabulary entries, {@code <unk>} included: the id of the next entry
 */
public record CorpusState(TextReader reader, long nextPosition, int vocabularySize) {

    public CorpusState {
        if (nextPosition < 0 || vocabularySize < 1) {
            throw new IllegalArgumentException(
                    "Position %d and vocabulary size %d are not possible".formatted(nextPosition, vocabularySize));
        }
    }

    /** A corpus without text. */
    public static CorpusState begin(TextReader reader) {
        return new CorpusState(reader, 0, 1);
    }

    /** True when it has tokens, so that its tokenizer and normalizer are fixed. */
    public boolean hasTokens() {
        return nextPosition > 0;
    }
}

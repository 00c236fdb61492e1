package io.inkstream.ingest.state;

import io.inkstream.languagemodel.text.Reading;

/**
 * The state of a corpus.
 *
 * @param reading how its text is read; fixed as soon as it has tokens
 * @param nextPosition position of the next token: the number of tokens so far
 * @param vocabularySize number of vocabulary entries, {@code <unk>} included: the id of the next entry
 */
public record CorpusState(Reading reading, long nextPosition, int vocabularySize) {

    public CorpusState {
        if (nextPosition < 0 || vocabularySize < 1) {
            throw new IllegalArgumentException(
                    "Position %d and vocabulary size %d are not valid".formatted(nextPosition, vocabularySize));
        }
    }

    /** A corpus without text. */
    public static CorpusState begin(Reading reading) {
        return new CorpusState(reading, 0, 1);
    }

    /** True when it has tokens, so that its reading is fixed. */
    public boolean hasTokens() {
        return nextPosition > 0;
    }
}

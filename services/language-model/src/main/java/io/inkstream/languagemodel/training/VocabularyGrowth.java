package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.corpus.TokenSource;
import io.inkstream.languagemodel.text.Vocabulary;

/**
 * How large the vocabulary of a corpus is after its first n tokens. After the reserved tokens, ids are given in order of
 * appearance, so it is the highest id among them, plus one; each token is looked at once.
 */
final class VocabularyGrowth {

    private final TokenSource tokens;
    private long scanned;
    private int size;

    VocabularyGrowth(Corpus corpus) {
        this.tokens = corpus.tokens();
        this.size =
                Vocabulary.UNKNOWN_ID + 1 + corpus.reading().reservedTokens().size();
    }

    /**
     * The size after so many tokens, or after more if more were scanned before.
     *
     * @param count number of tokens from the start of the corpus
     */
    int sizeAfter(long count) {
        for (; scanned < count; scanned++) {
            size = Math.max(size, tokens.id(scanned) + 1);
        }
        return size;
    }
}

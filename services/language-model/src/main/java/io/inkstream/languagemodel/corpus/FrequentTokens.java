package io.inkstream.languagemodel.corpus;

import io.inkstream.languagemodel.text.Vocabulary;

/** A corpus in which tokens that occur less often than a minimum read as {@code <unk>}. */
public final class FrequentTokens implements TokenSource {

    private final TokenSource corpus;
    private final long size;
    private final boolean[] frequent;

    /**
     * Counts the tokens.
     *
     * @param corpus the corpus
     * @param size its first so many tokens are counted and shown
     * @param minFrequency how often a token must occur to be shown as itself
     * @param vocabularySize above every id in it
     */
    public FrequentTokens(TokenSource corpus, long size, int minFrequency, int vocabularySize) {
        this.corpus = corpus;
        this.size = size;
        this.frequent = new boolean[vocabularySize];
        long[] counts = new long[vocabularySize];
        for (long position = 0; position < size; position++) {
            counts[corpus.id(position)]++;
        }
        for (int id = 0; id < vocabularySize; id++) {
            frequent[id] = counts[id] >= minFrequency;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int id(long position) {
        int id = corpus.id(position);
        return frequent[id] ? id : Vocabulary.UNKNOWN_ID;
    }
}

package io.inkstream.languagemodel.corpus;

import io.inkstream.languagemodel.text.Vocabulary;

/** Which tokens of a corpus a network knows; the others read as {@code <unk>}. */
public final class KnownTokens {

    private final boolean[] known;
    private final long unknown;

    private KnownTokens(boolean[] known, long unknown) {
        this.known = known;
        this.unknown = unknown;
    }

    /**
     * The tokens that are frequent enough, and the reserved ones.
     *
     * @param corpus the corpus
     * @param size number of tokens, from the start, that are counted
     * @param minFrequency how often a token must occur among them to be known
     * @param vocabularySize greater than every id among them
     */
    public static KnownTokens of(Corpus corpus, long size, int minFrequency, int vocabularySize) {
        boolean[] known = new boolean[vocabularySize];
        long unknown = 0;
        long[] counts = new long[vocabularySize];
        if (minFrequency > 1) {
            for (long position = 0; position < size; position++) {
                counts[corpus.tokens().id(position)]++;
            }
        }
        int reserved = corpus.reading().reservedTokens().size();
        for (int id = 0; id < vocabularySize; id++) {
            boolean isReserved = id > Vocabulary.UNKNOWN_ID && id <= reserved;
            known[id] = minFrequency <= 1 || isReserved || counts[id] >= minFrequency;
            unknown += known[id] ? 0 : counts[id];
        }
        return new KnownTokens(known, unknown);
    }

    /** How many of the counted tokens read as {@code <unk>} because they are too rare. */
    public long unknown() {
        return unknown;
    }

    /**
     * A part of a corpus, with these tokens unchanged and all others as {@code <unk>}.
     *
     * @param from the first position
     * @param to the position after the last
     */
    public TokenSource section(TokenSource corpus, long from, long to) {
        return new Section(corpus, from, to - from, known);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Section(TokenSource corpus, long from, long size, boolean[] known) implements TokenSource {

        @Override
        public int id(long position) {
            int id = corpus.id(from + position);
            return id < known.length && known[id] ? id : Vocabulary.UNKNOWN_ID;
        }
    }
}

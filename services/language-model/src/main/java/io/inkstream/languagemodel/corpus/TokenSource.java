package io.inkstream.languagemodel.corpus;

/** A corpus as a sequence of token ids that can be read at any position. */
public interface TokenSource {

    /** Number of tokens; may grow, never shrinks. */
    long size();

    /**
     * The token at a position.
     *
     * @param position 0 to {@code size() - 1}
     */
    int id(long position);
}

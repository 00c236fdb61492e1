package io.inkstream.languagemodel.corpus;

import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tokens of a corpus that are known so far, and its vocabulary. One thread appends while another trains. */
public final class Corpus {

    private final Reading reading;
    private final TokenArray tokens = new TokenArray();
    private final Vocabulary vocabulary = new Vocabulary();

    /** An empty corpus whose text is read as described. */
    public Corpus(Reading reading) {
        this.reading = reading;
    }

    /** How its text is read. */
    public Reading reading() {
        return reading;
    }

    /** The tokens known so far. */
    public TokenSource tokens() {
        return tokens;
    }

    /**
     * Appends tokens.
     *
     * @param newEntries vocabulary entries that appear for the first time, in order of their ids
     * @param ids token ids
     * @throws IllegalArgumentException if an entry is already known, or an id is not in the vocabulary; then nothing is appended
     */
    public void append(List<String> newEntries, int[] ids) {
        append(newEntries, ids, () -> {});
    }

    /**
     * Appends tokens, as {@link #append(List, int[])}.
     *
     * @param beforeReadable called once the tokens are accepted, and before any thread can read them
     */
    public synchronized void append(List<String> newEntries, int[] ids, Runnable beforeReadable) {
        int known = vocabulary.size() + newEntries.size();
        for (int id : ids) {
            if (id < 0 || id >= known) {
                throw new IllegalArgumentException("Token id %d is not in the vocabulary of %d".formatted(id, known));
            }
        }
        Set<String> seen = new HashSet<>();
        for (String entry : newEntries) {
            if (vocabulary.contains(entry) || !seen.add(entry)) {
                throw new IllegalArgumentException("Vocabulary entry '%s' is not new".formatted(entry));
            }
        }
        beforeReadable.run();
        newEntries.forEach(vocabulary::add);
        tokens.append(ids, ids.length);
    }

    /** Number of tokens in the vocabulary so far, {@code <unk>} included. */
    public synchronized int vocabularySize() {
        return vocabulary.size();
    }

    /**
     * Whether the vocabulary so far begins with these tokens.
     *
     * @param entries the tokens with ids 1, 2, …
     */
    public synchronized boolean vocabularyBeginsWith(List<String> entries) {
        List<String> own = vocabulary.entries();
        return own.size() >= entries.size() && own.subList(0, entries.size()).equals(entries);
    }

    /** A copy of the first {@code size} tokens of the vocabulary, {@code <unk>} included. */
    public synchronized Vocabulary vocabulary(int size) {
        return new Vocabulary(vocabulary.entries().subList(0, size - 1));
    }
}

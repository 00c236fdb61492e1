package io.inkstream.systemtests.workload;

import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.TextReader;
import io.inkstream.languagemodel.text.TokenSink;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/** The text of one corpus as it was produced, and the tokens that the pipeline must make of it. Used by several threads. */
public final class CorpusText {

    private final String corpus;
    private final TextReader reader;
    private final Vocabulary vocabulary = new Vocabulary();
    private final List<Integer> ids = new ArrayList<>();
    private int pieces;

    /** A corpus without text. */
    public CorpusText(String corpus, Reading reading) {
        this.corpus = corpus;
        this.reader = new TextReader(reading);
    }

    /** The name of the corpus. */
    public String corpus() {
        return corpus;
    }

    /** How it is read. */
    public Reading reading() {
        return reader.reading();
    }

    /** Appends a piece of whole lines, as one record of the text topic has it. */
    public synchronized void append(String piece) {
        pieces++;
        reader.cut(reader.parts(piece, ids.isEmpty()), new TokenSink() {
            @Override
            public void codePoint(int codePoint) {
                token(Character.toString(codePoint));
            }

            @Override
            public void token(String token) {
                int id = vocabulary.id(token);
                ids.add(id == Vocabulary.UNKNOWN_ID ? vocabulary.add(token) : id);
            }
        });
    }

    /** Pieces so far. */
    public synchronized int pieces() {
        return pieces;
    }

    /** Tokens so far. */
    public synchronized int size() {
        return ids.size();
    }

    /** The ids of the tokens so far. */
    public synchronized List<Integer> ids() {
        return List.copyOf(ids);
    }

    /** The vocabulary so far: the tokens with the ids 1, 2, … */
    public synchronized List<String> entries() {
        return List.copyOf(vocabulary.entries());
    }
}

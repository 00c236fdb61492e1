package io.inkstream.benchmarks;

import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.TextReader;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/** Texts that are trained on without Kafka. */
final class Texts {

    private Texts() {}

    /** The characters of a text, read as in the lesson on The Time Machine. */
    static Corpus corpus(String text) {
        Vocabulary vocabulary = new Vocabulary();
        Reading reading = Reading.of(Tokenizer.CHARACTERS, Normalizer.TIME_MACHINE);
        List<String> tokens = new TextReader(reading).read(text, true);
        List<String> entries = new ArrayList<>();
        int[] ids = new int[tokens.size()];
        for (int i = 0; i < ids.length; i++) {
            String token = tokens.get(i);
            if (!vocabulary.contains(token)) {
                vocabulary.add(token);
                entries.add(token);
            }
            ids[i] = vocabulary.id(token);
        }
        Corpus corpus = new Corpus(reading);
        corpus.append(entries, ids);
        return corpus;
    }
}

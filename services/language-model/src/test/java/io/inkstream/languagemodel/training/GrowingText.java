package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A text whose alphabet grows: a few letters, then more, then Chinese characters, then emoji. */
final class GrowingText {

    private static final List<List<String>> ALPHABETS = List.of(
            List.of("a", "b", "c", " "), List.of("d", "e", "f", "g"), List.of("河", "船", "人"), List.of("🖋", "📖"));

    private final List<String> tokens = new ArrayList<>();

    /** A text with this number of tokens. */
    GrowingText(int length) {
        Random random = new Random(length);
        List<String> known = new ArrayList<>();
        for (int part = 0; part < ALPHABETS.size(); part++) {
            known.addAll(ALPHABETS.get(part));
            int end = length * (part + 1) / ALPHABETS.size();
            while (tokens.size() < end) {
                tokens.add(known.get(random.nextInt(known.size())));
            }
        }
    }

    int length() {
        return tokens.size();
    }

    /** An empty corpus for this text. */
    Corpus corpus() {
        return new Corpus(Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM));
    }

    /** Appends the missing ones of the first {@code tokens} tokens, as one block. */
    void arrive(Corpus corpus, long upTo) {
        List<String> known =
                new ArrayList<>(corpus.vocabulary(corpus.vocabularySize()).entries());
        int from = Math.toIntExact(corpus.tokens().size());
        List<String> entries = new ArrayList<>();
        int[] ids = new int[Math.toIntExact(Math.max(0, upTo - from))];
        for (int i = 0; i < ids.length; i++) {
            String token = tokens.get(from + i);
            if (!known.contains(token)) {
                known.add(token);
                entries.add(token);
            }
            ids[i] = known.indexOf(token) + 1;
        }
        corpus.append(entries, ids);
    }
}

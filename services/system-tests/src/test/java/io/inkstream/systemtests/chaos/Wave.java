package io.inkstream.systemtests.chaos;

import io.inkstream.languagemodel.text.Normalizer;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Tokenizer;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.invariants.TrainingWatch;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.GeneratedText;
import io.inkstream.systemtests.workload.TrainingCase;
import io.inkstream.systemtests.workload.TrainingPlan;
import io.inkstream.systemtests.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Some corpora that are begun together: three that have all their text before training begins, and two whose text goes
 * on coming. Used by one thread.
 */
final class Wave {

    private static final int STILL = 3;
    private static final int GROWING = 2;
    private static final long BETWEEN_PIECES = 1_500;
    private static final int EPOCHS_AFTER_TEXT = 2;
    private static final int LINES = 100;
    private static final int STEP = 5; // has no common divisor with the number of cases, so that every case is used

    private static final List<Reading> READINGS = List.of(
            Reading.of(Tokenizer.CHARACTERS, Normalizer.LETTERS),
            Reading.of(Tokenizer.CHARACTERS, Normalizer.VERBATIM),
            Reading.of(Tokenizer.WORDS, Normalizer.LETTERS),
            Reading.of(Tokenizer.BYTES, Normalizer.VERBATIM));

    private final Workload workload;
    private final GeneratedText text;
    private final long growsUntil;
    private final Map<CorpusText, TrainingSpec> corpora = new LinkedHashMap<>();
    private final List<CorpusText> growing = new ArrayList<>();
    private int sentElsewhere;
    private long nextPiece;

    /**
     * Publishes the settings and the text of its corpora.
     *
     * @param number which wave it is
     * @param epochs of the corpora that do not grow
     * @param growsUntil when the last text comes, in milliseconds from the start
     */
    Wave(Workload workload, long seed, int number, int epochs, long growsUntil) {
        this.workload = workload;
        this.text = new GeneratedText(seed + number);
        this.growsUntil = growsUntil;
        List<TrainingCase> cases = TrainingCase.all();
        int size = STILL + GROWING;
        for (int i = 0; i < size; i++) {
            TrainingCase how = cases.get((number * size + i) * STEP % cases.size());
            if (i >= STILL && how.options().contains(TrainingCase.Option.VALIDATION)) {
                how = TrainingCase.of(how.cell(), how.optimizer(), how.sampling()); // see plan()
            }
            if (i < STILL) {
                TrainingSpec spec = how.spec(epochs, seed);
                CorpusText still = workload.begin("still-%d-%s".formatted(number, how.label()), Reading.DEFAULT, spec);
                // One record, of which ingest makes one block: the trainer reads it whole or not at all.
                append(still, text.piece(20 + i, LINES));
                corpora.put(still, spec);
            } else {
                Reading reading = READINGS.get((number * GROWING + i) % READINGS.size());
                TrainingSpec spec = how.spec(EPOCHS_AFTER_TEXT, seed);
                CorpusText begun = workload.begin("growing-%d-%s".formatted(number, how.label()), reading, spec);
                corpora.put(begun, spec);
                growing.add(begun);
            }
        }
    }

    /** Produces the next pieces of text when it is time. */
    void tick(long now) {
        if (now >= nextPiece && now < growsUntil) {
            growing.forEach(corpus -> append(corpus, text.piece(corpus.pieces(), 1 + corpus.pieces() % 5)));
            nextPiece = now + BETWEEN_PIECES;
        }
    }

    /** Text records that were sent to a partition that is not their corpus's. */
    int sentElsewhere() {
        return sentElsewhere;
    }

    /** Every other corpus has a producer that chooses another partition. */
    private void append(CorpusText corpus, String piece) {
        if (corpus.corpus().length() % 2 == 0) {
            workload.append(corpus, piece);
        } else {
            workload.appendElsewhere(corpus, piece);
            sentElsewhere++;
        }
    }

    /** The corpora. */
    List<CorpusText> texts() {
        return List.copyOf(corpora.keySet());
    }

    /** True when a corpus has all its text, and its newest checkpoint has learned it. */
    boolean learned(CorpusText corpus, TrainingWatch watch, long now) {
        return now >= growsUntil
                && watch.newest(corpus.corpus())
                        .filter(CheckpointManifest::getFinished)
                        .filter(newest -> newest.getEpoch()
                                == watch.epochs(corpus.corpus()).size()) // which become visible later, or earlier
                        .filter(newest ->
                                newest.getSource().getEndPosition() >= Coverage.of(corpus.size(), corpora.get(corpus)))
                        .isPresent();
    }

    /**
     * What a corpus that is learned was to be trained on. When text becomes known to the trainer is up to chance, and so is
     * which epoch covers it first: that is taken from the published epochs. Everything else follows from settings and text.
     */
    TrainingPlan plan(CorpusText corpus, TrainingWatch watch) {
        TrainingSpec spec = corpora.get(corpus);
        return growing.contains(corpus) && !TrainingPlan.online(spec)
                ? TrainingPlan.ofEpochs(spec, watch.epochs(corpus.corpus()))
                : TrainingPlan.onAll(corpus, spec);
    }

    /** Takes the wish to train a corpus back. */
    void retire(CorpusText corpus) {
        workload.publish(corpus, null);
    }
}

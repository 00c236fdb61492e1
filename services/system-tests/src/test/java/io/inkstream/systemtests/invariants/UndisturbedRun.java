package io.inkstream.systemtests.invariants;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.TrainingPlan;

/**
 * Trains a corpus once more, in this process and without a disturbance: from the text that was produced and from the
 * settings that were published. It sees no topic and no checkpoint.
 */
public final class UndisturbedRun implements AutoCloseable {

    /** As the trainers of the fleet. */
    static final EngineSettings ENGINE = EngineSettings.cpu(1);

    private final CorpusText text;
    private final Corpus corpus;
    private final TrainingRun run;
    private int appended;
    private int vocabulary;

    /** A run that has not begun; it belongs to the calling thread. */
    UndisturbedRun(CorpusText text, TrainingSpec spec, EngineSettings engine) {
        this.text = text;
        this.corpus = new Corpus(text.reading());
        this.run = TrainingRun.begin(corpus, SpecConversion.settings(spec), new Engines(engine));
    }

    /** The checkpoint to which the text, trained by the plan, comes. */
    public static Checkpoint train(CorpusText text, TrainingPlan plan) {
        return train(text, plan, ENGINE);
    }

    /** The same with another engine. */
    static Checkpoint train(CorpusText text, TrainingPlan plan, EngineSettings engine) {
        try (UndisturbedRun run = new UndisturbedRun(text, plan.spec(), engine)) {
            return run.continueTo(plan);
        }
    }

    /** The checkpoint to which it comes by a plan that begins with what it was trained by so far. */
    Checkpoint continueTo(TrainingPlan plan) {
        for (TrainingPlan.Stage stage : plan.stages()) {
            if (stage.tokens() >= appended) {
                run.adopt(SpecConversion.settings(plan.spec(stage)));
                append(stage.tokens());
                while (run.state() instanceof RunState.Training) {
                    var unused = run.step();
                }
                if (!(run.state() instanceof RunState.Done)) {
                    throw new IllegalStateException("%s cannot be trained without interruptions for %s: %s"
                            .formatted(text.corpus(), stage, run.state()));
                }
            }
        }
        return run.checkpoint().orElseThrow();
    }

    private void append(int size) {
        int[] more =
                text.ids().subList(appended, size).stream().mapToInt(id -> id).toArray();
        int grown = vocabulary;
        for (int id : more) {
            grown = Math.max(grown, id);
        }
        corpus.append(text.entries().subList(vocabulary, grown), more);
        appended = size;
        vocabulary = grown;
    }

    @Override
    public void close() {
        run.close();
    }
}

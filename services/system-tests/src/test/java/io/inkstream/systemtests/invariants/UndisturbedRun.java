package io.inkstream.systemtests.invariants;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.TrainingPlan;
import java.util.List;

/**
 * Trains a corpus once more, in this process and without a disturbance: from the text that was produced and from the
 * settings that were published. It sees no topic and no checkpoint.
 */
public final class UndisturbedRun {

    /** As the trainers of the fleet. */
    static final EngineSettings ENGINE = EngineSettings.cpu(1);

    private final CorpusText text;
    private final Corpus corpus;
    private final List<Integer> ids;
    private final List<String> entries;
    private int appended;
    private int vocabulary;

    private UndisturbedRun(CorpusText text) {
        this.text = text;
        this.corpus = new Corpus(text.reading());
        this.ids = text.ids();
        this.entries = text.entries();
    }

    /** The checkpoint to which the text, trained by the plan, comes. */
    public static Checkpoint train(CorpusText text, TrainingPlan plan) {
        return train(text, plan, ENGINE);
    }

    /** The same with another engine. */
    static Checkpoint train(CorpusText text, TrainingPlan plan, EngineSettings engine) {
        return new UndisturbedRun(text).train(plan, new Engines(engine));
    }

    private Checkpoint train(TrainingPlan plan, Engines engines) {
        try (TrainingRun run = TrainingRun.begin(corpus, SpecConversion.settings(plan.spec()), engines)) {
            for (TrainingPlan.Stage stage : plan.stages()) {
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
            return run.checkpoint().orElseThrow();
        }
    }

    private void append(int size) {
        int[] more = ids.subList(appended, size).stream().mapToInt(id -> id).toArray();
        int grown = vocabulary;
        for (int id : more) {
            grown = Math.max(grown, id);
        }
        corpus.append(entries.subList(vocabulary, grown), more);
        appended = size;
        vocabulary = grown;
    }
}

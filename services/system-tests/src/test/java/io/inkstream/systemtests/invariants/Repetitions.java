package io.inkstream.systemtests.invariants;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.systemtests.workload.CorpusText;
import io.inkstream.systemtests.workload.TrainingPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Undisturbed runs of corpora, one after the other in a thread of their own, while the faults continue. */
public final class Repetitions implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread repetitions = new Thread(task, "repetitions");
        repetitions.setDaemon(true);
        return repetitions;
    });
    private final Map<CorpusText, Future<Checkpoint>> runs = new ConcurrentHashMap<>();

    /** Those that may be continued; of the thread alone. */
    private final Map<CorpusText, UndisturbedRun> unfinished = new HashMap<>();

    private final EngineSettings engine;

    /** Runs with the engine that trainers have by default. */
    public Repetitions() {
        this(UndisturbedRun.ENGINE);
    }

    /** Runs with this engine. */
    public Repetitions(EngineKind engine) {
        this(UndisturbedRun.ENGINE.with(engine));
    }

    private Repetitions(EngineSettings engine) {
        this.engine = engine;
    }

    /** Begins to train a corpus, which grows no more, by its plan. */
    public void begin(CorpusText text, TrainingPlan plan) {
        runs.put(text, thread.submit(() -> UndisturbedRun.train(text, plan, engine)));
    }

    /** Trains a corpus that may grow by its plan so far, from where the plan that was so far before has ended. */
    public void extend(CorpusText text, TrainingPlan plan) {
        runs.put(text, thread.submit(() -> unfinished
                .computeIfAbsent(text, corpus -> new UndisturbedRun(corpus, plan.spec(), engine))
                .continueTo(plan)));
    }

    /** The checkpoint that a corpus reaches without interruptions; empty if its run was not started. */
    Optional<Checkpoint> checkpoint(CorpusText text) {
        Future<Checkpoint> run = runs.get(text);
        try {
            return run == null ? Optional.empty() : Optional.of(run.get());
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("%s cannot be trained again".formatted(text.corpus()), e);
        }
    }

    @Override
    public void close() {
        thread.execute(() -> unfinished.values().forEach(UndisturbedRun::close));
        thread.shutdown();
    }
}

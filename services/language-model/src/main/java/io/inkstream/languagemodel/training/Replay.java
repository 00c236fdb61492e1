package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.corpus.TokenSource;
import io.inkstream.languagemodel.settings.SamplingSettings;
import java.util.List;
import java.util.Optional;

/**
 * Repeats the training of a model from scratch, from the tokens of its corpus and the history that a checkpoint records.
 * Each epoch gets the tokens, the settings and the engine that it had, so that each step ends with the same weights (with the
 * PyTorch engine on a CPU of the same kind), no matter when the text arrived and how often training was interrupted.
 *
 * <p>Used by one thread.
 */
public final class Replay implements AutoCloseable {

    private final Corpus whole;
    private final List<Span> history;
    private final Cursor end;
    private final Corpus known;
    private final TrainingRun run;
    private int span;

    /**
     * A replay that has not started.
     *
     * @param corpus at least the tokens that the checkpoint was trained on
     * @param checkpoint whose training is repeated, up to its step
     * @throws IllegalArgumentException if its training is not recorded, cannot be computed any more, or the corpus lacks tokens
     *     of it
     */
    public Replay(Corpus corpus, Checkpoint checkpoint, Engines engines) {
        this.whole = corpus;
        this.history = checkpoint.history();
        this.end = checkpoint.cursor();
        if (history.isEmpty()) {
            throw new IllegalArgumentException("The checkpoint has no training history: it was imported");
        }
        for (int i = 0; i < history.size(); i++) {
            if (history.get(i).engine().isEmpty()) {
                throw new IllegalArgumentException(
                        "Epoch %d was trained with --implementation explicit, which this version does not have"
                                .formatted(history.get(i).firstEpoch() + 1));
            }
            if (tokensOf(i) > corpus.tokens().size()) {
                throw new IllegalArgumentException("It was trained on %d tokens, of which the corpus has %d"
                        .formatted(tokensOf(i), corpus.tokens().size()));
            }
        }
        this.known = new Corpus(corpus.reading());
        known.append(corpus.vocabulary(corpus.vocabularySize()).entries(), new int[0]);
        this.run = TrainingRun.begin(known, history.get(0).settings(), engines);
        enterSpan();
    }

    /** Total number of steps. */
    public long steps() {
        return end.step();
    }

    /** True when it has reached the step of the checkpoint. */
    public boolean done() {
        return cursor().step() >= end.step();
    }

    /** The position of the replay. */
    public Cursor cursor() {
        return run.cursor();
    }

    /**
     * Trains on the next minibatch, or evaluates a window of the held-out tokens; call it until it is {@link #done}.
     *
     * @return the epoch, when this was its last step
     * @throws IllegalStateException if the training cannot continue, although it did the first time
     */
    public Optional<CompletedEpoch> step() {
        if (!cursor().insideEpoch()
                && span + 1 < history.size()
                && history.get(span + 1).firstEpoch() == cursor().epoch()) {
            span++;
            enterSpan();
        }
        Optional<CompletedEpoch> epoch = run.step();
        if (run.state() instanceof RunState.Failed failed) {
            throw new IllegalStateException(failed.error());
        }
        return epoch;
    }

    /** A checkpoint of the current position; empty before the first step. */
    public Optional<Checkpoint> checkpoint() {
        return run.checkpoint();
    }

    @Override
    public void close() {
        run.close();
    }

    /** Gives the run the tokens, settings and engine of the span. */
    private void enterSpan() {
        TokenSource tokens = whole.tokens();
        int[] next = new int
                [Math.toIntExact(Math.max(0, tokensOf(span) - known.tokens().size()))];
        for (int i = 0; i < next.length; i++) {
            next[i] = tokens.id(known.tokens().size() + i);
        }
        known.append(List.of(), next);
        run.adopt(history.get(span).settings());
        run.adoptEngine(
                history.get(span).engine().orElseThrow(), history.get(span).threads());
    }

    /** Number of tokens of the corpus that the epochs of a span have read at its end. */
    private long tokensOf(int index) {
        Span of = history.get(index);
        SamplingSettings sampling = of.settings().sampling();
        if (!sampling.online()) {
            return of.tokens() + of.heldOut();
        }
        int after = index + 1 < history.size()
                ? history.get(index + 1).firstEpoch()
                : end.epoch() + (end.insideEpoch() ? 1 : 0);
        return sampling.read(of.tokens() + (after - of.firstEpoch()) * sampling.stretch());
    }
}

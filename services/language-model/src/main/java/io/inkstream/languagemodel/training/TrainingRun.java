package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.checkpoint.NetworkState;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.corpus.FrequentTokens;
import io.inkstream.languagemodel.corpus.TokenSource;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The training of one model on one corpus, minibatch by minibatch.
 *
 * <p>An epoch covers the tokens that were known when it began; when later ones have arrived, the next epoch covers them
 * too, and the network grows by the tokens of the vocabulary that are new. At any point between two minibatches the run
 * can be written as a {@link Checkpoint} and resumed from it to the very same weights.
 *
 * <p>Used by one thread, on which {@link ComputeDevice#prepareThread} was called; the corpus may grow meanwhile.
 */
public final class TrainingRun implements AutoCloseable {

    private final Corpus corpus;
    private final ComputeDevice device;
    private final List<Span> history;
    private TrainingSettings settings;
    private TrainingSettings nextSettings;
    private Cursor cursor;
    private TruncatedBptt bptt;
    private Sampler sampler;
    private long scannedTokens;
    private int vocabulary;
    private String failure;

    private TrainingRun(
            Corpus corpus, ComputeDevice device, TrainingSettings settings, Cursor cursor, List<Span> history) {
        this.corpus = corpus;
        this.device = device;
        this.settings = settings;
        this.nextSettings = settings;
        this.cursor = cursor;
        this.history = new ArrayList<>(history);
    }

    /** A new model; its network is made when the first epoch begins. */
    public static TrainingRun begin(Corpus corpus, TrainingSettings settings, ComputeDevice device) {
        return new TrainingRun(corpus, device, settings, Cursor.START, List.of());
    }

    /** A model that goes on from a checkpoint. */
    public static TrainingRun resume(Corpus corpus, Checkpoint checkpoint, ComputeDevice device) {
        TrainingRun run =
                new TrainingRun(corpus, device, checkpoint.settings(), checkpoint.cursor(), checkpoint.history());
        run.bptt = new TruncatedBptt(device, checkpoint.settings().optimizer().rule(), checkpoint.network());
        run.vocabulary = checkpoint.shape().vocabulary();
        return run;
    }

    /**
     * Sets what the next epochs are trained with; an epoch under way is finished as it began.
     *
     * @throws IllegalArgumentException if this network cannot go on with them
     */
    public void adopt(TrainingSettings next) {
        if (!settings.canGoOnWith(next)) {
            throw new IllegalArgumentException("Another network or seed is another model");
        }
        if (!next.equals(nextSettings)) {
            nextSettings = next;
            failure = null;
        }
    }

    /** What the run can do next. */
    public RunState state() {
        if (failure != null) {
            return new RunState.Failed(failure);
        }
        long known = corpus.tokens().size();
        if (cursor.insideEpoch()) {
            return known >= cursor.epochTokens()
                    ? new RunState.Training()
                    : new RunState.Waiting(
                            "reading its %d tokens back: %d so far".formatted(cursor.epochTokens(), known));
        }
        SamplingSettings sampling = nextSettings.sampling();
        long usable = sampling.usable(known);
        long fewest = sampling.fewestTokens();
        if (usable < fewest) {
            return new RunState.Waiting("batch %d and window %d need at least %d tokens; there are %d"
                    .formatted(sampling.batch(), sampling.window(), fewest, known));
        }
        return cursor.atEpoch(usable).epochsOnText() < nextSettings.epochs()
                ? new RunState.Training()
                : new RunState.Done();
    }

    /**
     * Trains on the next minibatch; call it when {@link #state} is {@link RunState.Training}.
     *
     * @return the epoch, when this was its last minibatch
     */
    public Optional<CompletedEpoch> step() {
        if (!cursor.insideEpoch()) {
            beginEpoch();
        } else if (sampler == null) {
            sampler = sampler(); // resumed in the middle
        }
        Minibatch minibatch = sampler.minibatch(cursor.minibatch());
        bptt.step(
                minibatch,
                settings.optimizer().learningRate(),
                settings.optimizer().clip(),
                cursor.step() + 1);
        cursor = cursor.afterMinibatch(minibatch.tokens());
        return cursor.minibatch() == sampler.minibatches() ? Optional.of(endEpoch()) : Optional.empty();
    }

    /** Where training stands. */
    public Cursor cursor() {
        return cursor;
    }

    /** The settings of the epoch under way or, between epochs, of the next. */
    public TrainingSettings settings() {
        return cursor.insideEpoch() ? settings : nextSettings;
    }

    /** Epochs still to do on the text known now, the current one included. */
    public int epochsLeft() {
        Cursor at = cursor.insideEpoch()
                ? cursor
                : cursor.atEpoch(nextSettings.sampling().usable(corpus.tokens().size()));
        return Math.max(0, nextSettings.epochs() - at.epochsOnText());
    }

    /** Number of tokens that the network knows; 0 before the first epoch. */
    public int vocabularySize() {
        return vocabulary;
    }

    /** Global L2 norm of the last gradient before clipping; NaN before the first step of this run. */
    public double gradientNorm() {
        return bptt == null ? Double.NaN : bptt.gradientNorm();
    }

    /**
     * Everything that is needed to go on from here.
     *
     * @return empty when there is nothing to keep: before the first step, or when training has failed, which is checked
     *     here too
     */
    public Optional<Checkpoint> checkpoint() {
        if (bptt == null || cursor.step() == 0) {
            return Optional.empty();
        }
        NetworkState state = bptt.state();
        checkLoss(state.lossSum());
        if (failure != null) {
            return Optional.empty();
        }
        return Optional.of(new Checkpoint(
                state,
                corpus.vocabulary(vocabulary),
                corpus.tokenizer(),
                corpus.normalizer(),
                settings,
                cursor,
                history,
                device.name(),
                device.threads()));
    }

    @Override
    public void close() {
        if (bptt != null) {
            bptt.close();
            bptt = null;
        }
    }

    private void beginEpoch() {
        settings = nextSettings;
        cursor = cursor.atEpoch(settings.sampling().usable(corpus.tokens().size()));
        growTo(vocabularyOf(cursor.epochTokens()));
        bptt.resetLoss();
        sampler = sampler();
        Span last = history.isEmpty() ? null : history.get(history.size() - 1);
        Span span = new Span(cursor.epoch(), cursor.epochTokens(), vocabulary, settings);
        if (last == null || !span.equals(last.from(cursor.epoch()))) {
            history.add(span);
        }
    }

    private CompletedEpoch endEpoch() {
        long tokens = (long) sampler.minibatches()
                * settings.sampling().batch()
                * settings.sampling().window();
        double lossSum = bptt.lossSum();
        bptt.resetLoss();
        cursor = cursor.afterEpoch(Math.exp(lossSum / tokens));
        sampler = null;
        checkLoss(lossSum);
        int left = Math.max(0, settings.epochs() - cursor.epochsOnText());
        return new CompletedEpoch(cursor, left, vocabulary, bptt.gradientNorm());
    }

    private void growTo(int size) {
        if (bptt == null) {
            bptt = new TruncatedBptt(
                    device, settings.optimizer().rule(), NetworkState.initial(settings.shape(size), settings.seed()));
        } else if (size > vocabulary) {
            NetworkState grown = bptt.state().grownTo(size, settings.seed());
            bptt.close();
            bptt = new TruncatedBptt(device, settings.optimizer().rule(), grown);
        }
        vocabulary = size;
    }

    /** The size of the vocabulary of the corpus's first tokens: ids are given in order of appearance. */
    private int vocabularyOf(long tokens) {
        int size = Math.max(vocabulary, Vocabulary.UNKNOWN_ID + 1);
        for (; scannedTokens < tokens; scannedTokens++) {
            size = Math.max(size, corpus.tokens().id(scannedTokens) + 1);
        }
        return size;
    }

    private Sampler sampler() {
        SamplingSettings sampling = settings.sampling();
        TokenSource tokens = new FirstTokens(corpus.tokens(), cursor.epochTokens());
        if (sampling.minFrequency() > 1) {
            tokens = new FrequentTokens(tokens, cursor.epochTokens(), sampling.minFrequency(), vocabulary);
        }
        return Sampler.of(
                sampling.method(), tokens, sampling.batch(), sampling.window(), settings.seed(), cursor.epoch());
    }

    private void checkLoss(double lossSum) {
        if (!Double.isFinite(lossSum)) {
            failure = "the loss stopped being a number by step %d of epoch %d: lower the learning rate (%s)%s"
                    .formatted(
                            cursor.step(),
                            cursor.epoch(),
                            settings.optimizer().learningRate(),
                            settings.optimizer().clip() == 0 ? " or clip the gradient" : " or the clipping norm");
        }
    }

    /** The first tokens of a corpus that goes on growing. */
    private record FirstTokens(TokenSource corpus, long size) implements TokenSource {

        @Override
        public int id(long position) {
            return corpus.id(position);
        }
    }
}

package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.engine.EngineUnavailableException;
import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The training of one model on one corpus, minibatch by minibatch.
 *
 * <p>An epoch covers the tokens that were known when it began; when later ones have arrived, the next epoch covers them
 * too, and the network grows by the tokens of the vocabulary that are new. With online sampling, an epoch is the next
 * stretch of the stream that no epoch has covered, as soon as it is complete. Settings and the engine
 * change between epochs only: an epoch is finished with the engine that it was begun with. Between any two minibatches the run can be written as a {@link Checkpoint} and resumed from
 * it to exactly the same weights.
 *
 * <p>{@link RunPhase} draws the phases of a run. Used by one thread; the corpus may grow meanwhile.
 */
public final class TrainingRun implements AutoCloseable {

    private final Corpus corpus;
    private final Engines engines;
    private final VocabularyGrowth growth;
    private final List<Span> history;
    private TrainingSettings settings;
    private TrainingSettings nextSettings;
    private Supplier<Engine> nextEngine;
    private Cursor cursor;
    private RunPhase phase = new RunPhase.NoNetwork();
    private int vocabulary;
    private long unknownTokens;

    /** The vocabulary of the checkpoint; empty once the corpus was found to begin with it. */
    private List<String> uncheckedVocabulary = List.of();

    private TrainingRun(Corpus corpus, Engines engines, TrainingSettings settings, Cursor cursor, List<Span> history) {
        this.corpus = corpus;
        this.engines = engines;
        this.growth = new VocabularyGrowth(corpus);
        this.settings = settings;
        this.nextSettings = settings;
        this.nextEngine = this::configuredEngine;
        this.cursor = cursor;
        this.history = new ArrayList<>(history);
    }

    /** A new model; its network is created when the first epoch begins. */
    public static TrainingRun begin(Corpus corpus, TrainingSettings settings, Engines engines) {
        return new TrainingRun(corpus, engines, settings, Cursor.START, List.of());
    }

    /** A model that resumes from a checkpoint. */
    public static TrainingRun resume(Corpus corpus, Checkpoint checkpoint, Engines engines) {
        TrainingRun run =
                new TrainingRun(corpus, engines, checkpoint.settings(), checkpoint.cursor(), checkpoint.history());
        run.phase = new RunPhase.Resumed(checkpoint);
        run.vocabulary = checkpoint.shape().vocabulary();
        run.uncheckedVocabulary = checkpoint.vocabulary().entries();
        return run;
    }

    /**
     * Sets what the next epochs are trained with; the current epoch is finished as it began. A run that has {@link
     * #diverged} stays as it is.
     *
     * @throws IllegalArgumentException if this network cannot be trained with them
     */
    public void adopt(TrainingSettings next) {
        if (!settings.canContinueWith(next)) {
            throw new IllegalArgumentException("Another network or seed is another model");
        }
        if (!next.equals(nextSettings)) {
            nextSettings = next;
            if (phase instanceof RunPhase.Failed failed && !failed.diverged()) {
                phase = failed.before();
            }
        }
    }

    /** Sets the engine that the next epochs are trained with; the current epoch is finished as it began. */
    void adoptEngine(EngineKind kind, int threads) {
        nextEngine = () -> engines.of(kind, threads);
    }

    /** True when the network is not finite any more: no settings help this run, only its last checkpoint. */
    public boolean diverged() {
        return phase instanceof RunPhase.Failed failed && failed.diverged();
    }

    /** What the run can do next. */
    public RunState state() {
        if (phase instanceof RunPhase.Failed failed) {
            return new RunState.Failed(failed.error());
        }
        EpochPlan plan = plan();
        if (!cursor.insideEpoch()) {
            return plan.state();
        }
        long needed = settings.sampling().read(cursor.epochTokens()) + cursor.heldOut();
        return plan.knownTokens() >= needed
                ? new RunState.Training()
                : new RunState.Waiting(
                        "reading back the %d tokens of its epoch: %d so far".formatted(needed, plan.knownTokens()));
    }

    /**
     * Trains on the next minibatch or, when all of an epoch are done, evaluates the next window of the held-out tokens;
     * call it when {@link #state} is {@link RunState.Training}.
     *
     * @return the epoch, when this was its last step; empty also when it turns out that the run cannot continue, which
     *     {@link #state} then reports
     */
    public Optional<CompletedEpoch> step() {
        try {
            if (!cursor.insideEpoch()) {
                beginEpoch();
            } else if (phase instanceof RunPhase.Resumed resumed && textMatches()) {
                continueEpoch(resumed.checkpoint());
            }
        } catch (EngineUnavailableException e) {
            fail(String.valueOf(e.getMessage()));
        }
        if (phase instanceof RunPhase.InEpoch in) {
            return in.epoch().hasNext(cursor) ? train(in.epoch()) : startValidation(in.epoch());
        }
        if (phase instanceof RunPhase.Validating validating) {
            return validate(validating);
        }
        return Optional.empty();
    }

    /** The position of training. */
    public Cursor cursor() {
        return cursor;
    }

    /** With online sampling: position of the first token of the current stretch or, between two, of the next. */
    public long nextInStream() {
        return cursor.insideEpoch() ? Epoch.firstToken(cursor, settings.sampling()) : cursor.epochTokens();
    }

    /** The settings of the current epoch or, between epochs, of the next. */
    public TrainingSettings settings() {
        return cursor.insideEpoch() ? settings : nextSettings;
    }

    /** Epochs left on the text known now, the current one included. */
    public int epochsLeft() {
        return plan().epochsLeft();
    }

    /**
     * Tokens left to train on until all epochs on the text known now are done, every epoch counted.
     *
     * @return an upper bound: the last tokens of an epoch may not fill a window
     */
    public long tokensLeft() {
        return tokensLeftInEpoch() + plan().tokensAhead();
    }

    private long tokensLeftInEpoch() {
        if (!cursor.insideEpoch()) {
            return 0;
        }
        SamplingSettings sampling = settings.sampling();
        long covered = sampling.online() ? sampling.stretch() : cursor.epochTokens();
        return Math.max(0, covered - (long) cursor.minibatch() * sampling.batch() * sampling.window());
    }

    /** Number of tokens that the network knows; 0 before the first epoch. */
    public int vocabularySize() {
        return vocabulary;
    }

    /** Tokens of the current or last epoch that read as {@code <unk>} because they are too rare; 0 before the first. */
    public long unknownTokens() {
        return unknownTokens;
    }

    /** The device that its network is on, if it is on one. */
    public Optional<String> device() {
        return phase.network().map(network -> network.engine().device());
    }

    /** Global L2 norm of the last gradient before clipping; NaN before the first step of this run. */
    public double gradientNorm() {
        return phase.network().map(TrainedNetwork::gradientNorm).orElse(Double.NaN);
    }

    /**
     * Everything that is needed to resume from here.
     *
     * @return empty before the first step and when training has failed, which is checked here too: the last step may have
     *     produced weights that are not finite from a loss that was
     */
    public Optional<Checkpoint> checkpoint() {
        if (cursor.step() == 0 || phase instanceof RunPhase.Failed) {
            return Optional.empty();
        }
        return phase instanceof RunPhase.Resumed resumed
                ? Optional.of(resumed.checkpoint())
                : phase.network().flatMap(this::checkpoint);
    }

    private Optional<Checkpoint> checkpoint(TrainedNetwork network) {
        NetworkState state = network.state();
        Optional<String> notFinite = state.notFinite();
        if (notFinite.isPresent()) {
            diverge(notFinite.get());
            return Optional.empty();
        }
        Engine engine = network.engine();
        return Optional.of(new Checkpoint(
                state,
                corpus.vocabulary(vocabulary),
                corpus.reading(),
                settings,
                cursor,
                history,
                engine.kind(),
                engine.device(),
                engine.threads()));
    }

    @Override
    public void close() {
        phase.network().ifPresent(TrainedNetwork::close);
        phase = new RunPhase.NoNetwork();
    }

    private EpochPlan plan() {
        return new EpochPlan(nextSettings, cursor, corpus.tokens().size());
    }

    /** Begins the next epoch; if it cannot, the run has failed. */
    private void beginEpoch() {
        if (phase instanceof RunPhase.Failed || !textMatches()) {
            return;
        }
        Cursor next = plan().nextEpoch();
        int size = vocabularyAfter(nextSettings.sampling().read(next.epochTokens()));
        if (!fits(size)) {
            return;
        }
        Engine engine = nextEngine.get();
        cursor = next;
        settings = nextSettings;
        TrainedNetwork network = networkFor(size, engine);
        vocabulary = size;
        network.resetLoss();
        open(network);
        Span span = new Span(
                cursor.epoch(),
                settings.sampling().online() ? Epoch.firstToken(cursor, settings.sampling()) : cursor.epochTokens(),
                cursor.heldOut(),
                vocabulary,
                settings,
                Optional.of(engine.kind()),
                engine.threads());
        if (history.isEmpty() || !history.get(history.size() - 1).holds(span)) {
            history.add(span);
        }
    }

    /** The engine that is configured, which a model may have been trained with before. */
    private Engine configuredEngine() {
        if (phase instanceof RunPhase.Resumed resumed) {
            return engines.after(
                    resumed.checkpoint().engine(), resumed.checkpoint().threads());
        }
        return phase.network()
                .map(TrainedNetwork::engine)
                .map(last -> engines.after(last.kind(), last.threads()))
                .orElseGet(engines::configured);
    }

    /** Continues the epoch of a checkpoint, with the engine that it was begun with. */
    private void continueEpoch(Checkpoint checkpoint) {
        Engine engine;
        try {
            engine = engines.of(checkpoint.engine(), checkpoint.threads());
        } catch (EngineUnavailableException e) {
            throw new EngineUnavailableException(
                    "epoch %d was begun with the %s engine and has to be finished with it: %s"
                            .formatted(cursor.epoch() + 1, checkpoint.engine().word(), e.getMessage()),
                    e);
        }
        open(engine.network(checkpoint.network(), settings.optimizer().rule()));
    }

    /** Opens the epoch at the cursor. */
    private void open(TrainedNetwork network) {
        Epoch epoch = Epoch.at(cursor, network, settings, corpus, vocabulary);
        unknownTokens = epoch.known().unknown();
        phase = new RunPhase.InEpoch(epoch);
    }

    /** Whether the ids of the checkpoint mean the same tokens in this corpus; if not, the run has failed. */
    private boolean textMatches() {
        if (!corpus.vocabularyBeginsWith(uncheckedVocabulary)) {
            fail("the latest model with this name has another vocabulary than this text (it may have been imported): "
                    + "train the text under another name");
            return false;
        }
        uncheckedVocabulary = List.of();
        return true;
    }

    /** Whether the network can be built for a vocabulary of this size; if not, the run has failed. */
    private boolean fits(int size) {
        try {
            nextSettings.shape(size);
            return true;
        } catch (IllegalArgumentException e) {
            fail("%s: use --hidden %d, or a linear output".formatted(e.getMessage(), size - 1));
            return false;
        }
    }

    private Optional<CompletedEpoch> train(Epoch epoch) {
        cursor = epoch.train(cursor);
        boolean ended = !epoch.hasNext(cursor) && !epoch.validates(cursor);
        return ended ? Optional.of(endEpoch(epoch, Double.NaN)) : Optional.empty();
    }

    private Optional<CompletedEpoch> startValidation(Epoch epoch) {
        RunPhase.Validating validating = new RunPhase.Validating(epoch, epoch.validation(cursor));
        phase = validating;
        return validate(validating);
    }

    /** Evaluates one window of the held-out tokens. After a restart they are evaluated from the start again. */
    private Optional<CompletedEpoch> validate(RunPhase.Validating validating) {
        Evaluation evaluation = validating.evaluation();
        evaluation.step();
        if (!evaluation.done()) {
            return Optional.empty();
        }
        double perplexity = evaluation.perplexity();
        evaluation.close();
        return Optional.of(endEpoch(validating.epoch(), perplexity));
    }

    private CompletedEpoch endEpoch(Epoch epoch, double validationPerplexity) {
        TrainedNetwork network = epoch.network();
        double lossSum = network.lossSum();
        Tensor stepLosses = network.stepLosses();
        network.resetLoss();
        double perplexity = Math.exp(lossSum / epoch.tokens());
        cursor = cursor.afterEpoch(perplexity, validationPerplexity);
        phase = new RunPhase.BetweenEpochs(network);
        if (!Double.isFinite(perplexity)) {
            diverge("the perplexity is %s".formatted(perplexity));
        }
        int left = settings.sampling().online()
                ? plan().stretchesAhead()
                : Math.max(0, settings.epochs() - cursor.epochsOnText());
        return new CompletedEpoch(
                cursor, left, vocabulary, epoch.known().unknown(), network.gradientNorm(), stepLosses);
    }

    /** The network for a vocabulary of this size: a new one, the current one, or the current one grown or on another engine. */
    private TrainedNetwork networkFor(int size, Engine engine) {
        Optional<TrainedNetwork> current = phase.network();
        if (current.isPresent() && size == vocabulary && current.get().engine().equals(engine)) {
            return current.get();
        }
        NetworkState state = state(size);
        current.ifPresent(TrainedNetwork::close);
        return engine.network(state, settings.optimizer().rule());
    }

    /** What the next epoch begins with: initial values, or what the last one ended with, grown if need be. */
    private NetworkState state(int size) {
        if (phase instanceof RunPhase.NoNetwork) {
            return NetworkState.initial(settings.shape(size), settings.network().initialization(), settings.seed());
        }
        NetworkState last = phase instanceof RunPhase.Resumed resumed
                ? resumed.checkpoint().network()
                : phase.network().orElseThrow().state();
        return size == vocabulary ? last : last.grownTo(size, settings.network().initialization(), settings.seed());
    }

    /** The size of the vocabulary after the corpus's first tokens, at least that of the network. */
    private int vocabularyAfter(long tokens) {
        return Math.max(vocabulary, growth.sizeAfter(tokens));
    }

    private void fail(String error) {
        phase = new RunPhase.Failed(phase, error, false);
    }

    /**
     * Ends the run because training has diverged.
     *
     * @param sign what shows it
     */
    private void diverge(String sign) {
        String error =
                "training diverged (%s after step %d, in epoch %d), and the last checkpoint before that is kept: lower the learning rate (%s)%s"
                        .formatted(
                                sign,
                                cursor.step(),
                                cursor.epoch() + (cursor.insideEpoch() ? 1 : 0),
                                settings.optimizer().learningRate(),
                                settings.optimizer().clip() == 0 ? " or clip the gradient" : " or the clipping norm");
        phase = new RunPhase.Failed(phase, error, true);
    }
}

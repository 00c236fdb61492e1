package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The training of one model on one corpus, minibatch by minibatch.
 *
 * <p>An epoch covers the tokens that were known when it began; when later ones have arrived, the next epoch covers them
 * too, and the network grows by the tokens of the vocabulary that are new. With online sampling, an epoch is the next
 * stretch of the stream that no epoch has covered, as soon as it is complete. Settings and the number of CPU threads
 * change between epochs only. Between any two minibatches the run can be written as a {@link Checkpoint} and resumed from
 * it to exactly the same weights.
 *
 * <p>{@link RunPhase} draws the phases of a run. Used by one thread, on which {@link ComputeDevice#prepareThread} was
 * called; the corpus may grow meanwhile.
 */
public final class TrainingRun implements AutoCloseable {

    private final Corpus corpus;
    private final ComputeDevice device;
    private final VocabularyGrowth growth;
    private final List<Span> history;
    private TrainingSettings settings;
    private TrainingSettings nextSettings;
    private int threads;
    private int nextThreads;
    private Cursor cursor;
    private RunPhase phase = new RunPhase.NoNetwork();
    private int vocabulary;
    private long unknownTokens;

    /** The vocabulary of the checkpoint; empty once the corpus was found to begin with it. */
    private List<String> uncheckedVocabulary = List.of();

    private TrainingRun(
            Corpus corpus,
            ComputeDevice device,
            TrainingSettings settings,
            int threads,
            Cursor cursor,
            List<Span> history) {
        this.corpus = corpus;
        this.device = device;
        this.growth = new VocabularyGrowth(corpus);
        this.settings = settings;
        this.nextSettings = settings;
        this.threads = threads;
        this.nextThreads = device.pinned() ? device.threads() : threads;
        this.cursor = cursor;
        this.history = new ArrayList<>(history);
    }

    /** A new model; its network is created when the first epoch begins. */
    public static TrainingRun begin(Corpus corpus, TrainingSettings settings, ComputeDevice device) {
        return new TrainingRun(corpus, device, settings, device.threads(), Cursor.START, List.of());
    }

    /** A model that resumes from a checkpoint. */
    public static TrainingRun resume(Corpus corpus, Checkpoint checkpoint, ComputeDevice device) {
        TrainingRun run = new TrainingRun(
                corpus, device, checkpoint.settings(), checkpoint.threads(), checkpoint.cursor(), checkpoint.history());
        TruncatedBptt bptt = run.onDevice(checkpoint.network());
        run.phase = run.cursor.insideEpoch() ? new RunPhase.Suspended(bptt) : new RunPhase.BetweenEpochs(bptt);
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

    /** Sets how many CPU threads the next epochs are trained with; the current epoch is finished as it began. */
    void adoptThreads(int next) {
        nextThreads = next;
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
        if (!cursor.insideEpoch()) {
            beginEpoch();
        } else if (phase instanceof RunPhase.Suspended suspended && textMatches()) {
            open(suspended.bptt());
        }
        if (phase instanceof RunPhase.InEpoch in) {
            ComputeDevice.useThreads(threads);
            return in.epoch().hasNext(cursor) ? train(in.epoch()) : startValidation(in.epoch());
        }
        if (phase instanceof RunPhase.Validating validating) {
            ComputeDevice.useThreads(threads);
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

    /** Global L2 norm of the last gradient before clipping; NaN before the first step of this run. */
    public double gradientNorm() {
        return phase.network().map(TruncatedBptt::gradientNorm).orElse(Double.NaN);
    }

    /**
     * Everything that is needed to resume from here.
     *
     * @return empty before the first step and when training has failed, which is checked here too: the last step may have
     *     produced weights that are not finite from a loss that was
     */
    public Optional<Checkpoint> checkpoint() {
        Optional<TruncatedBptt> network = phase.network();
        if (network.isEmpty() || cursor.step() == 0 || phase instanceof RunPhase.Failed) {
            return Optional.empty();
        }
        NetworkState state = network.get().state();
        Optional<String> notFinite = state.notFinite();
        if (notFinite.isPresent()) {
            diverge(notFinite.get());
            return Optional.empty();
        }
        return Optional.of(new Checkpoint(
                state,
                corpus.vocabulary(vocabulary),
                corpus.reading(),
                settings,
                cursor,
                history,
                device.name(),
                threads));
    }

    @Override
    public void close() {
        phase.network().ifPresent(TruncatedBptt::close);
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
        cursor = next;
        settings = nextSettings;
        threads = nextThreads;
        TruncatedBptt bptt = networkFor(size);
        vocabulary = size;
        bptt.resetLoss();
        open(bptt);
        Span span = new Span(
                cursor.epoch(),
                settings.sampling().online() ? Epoch.firstToken(cursor, settings.sampling()) : cursor.epochTokens(),
                cursor.heldOut(),
                vocabulary,
                settings,
                threads);
        if (history.isEmpty() || !history.get(history.size() - 1).holds(span)) {
            history.add(span);
        }
    }

    /** Opens the epoch at the cursor. */
    private void open(TruncatedBptt bptt) {
        Epoch epoch = Epoch.at(cursor, bptt, settings, corpus, vocabulary);
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
        TruncatedBptt bptt = epoch.bptt();
        double lossSum = bptt.lossSum();
        Tensor stepLosses = bptt.stepLosses();
        bptt.resetLoss();
        double perplexity = Math.exp(lossSum / epoch.tokens());
        cursor = cursor.afterEpoch(perplexity, validationPerplexity);
        phase = new RunPhase.BetweenEpochs(bptt);
        if (!Double.isFinite(perplexity)) {
            diverge("the perplexity is %s".formatted(perplexity));
        }
        int left = settings.sampling().online()
                ? plan().stretchesAhead()
                : Math.max(0, settings.epochs() - cursor.epochsOnText());
        return new CompletedEpoch(cursor, left, vocabulary, epoch.known().unknown(), bptt.gradientNorm(), stepLosses);
    }

    /** The network for a vocabulary of this size: a new one, the current one, or the current one grown. */
    private TruncatedBptt networkFor(int size) {
        Optional<TruncatedBptt> current = phase.network();
        if (current.isEmpty()) {
            return onDevice(NetworkState.initial(
                    settings.shape(size), settings.network().initialization(), settings.seed()));
        }
        TruncatedBptt bptt = current.get();
        if (size == vocabulary && settings.network().implementation() == bptt.implementation()) {
            return bptt;
        }
        NetworkState grown = bptt.state().grownTo(size, settings.network().initialization(), settings.seed());
        bptt.close();
        return onDevice(grown);
    }

    private TruncatedBptt onDevice(NetworkState state) {
        return new TruncatedBptt(
                device, settings.optimizer().rule(), settings.network().implementation(), state);
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

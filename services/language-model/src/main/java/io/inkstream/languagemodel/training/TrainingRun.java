package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.checkpoint.NetworkState;
import io.inkstream.languagemodel.checkpoint.Span;
import io.inkstream.languagemodel.corpus.Corpus;
import io.inkstream.languagemodel.corpus.KnownTokens;
import io.inkstream.languagemodel.network.Tensor;
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
 * too, and the network grows by the tokens of the vocabulary that are new. With online sampling, an epoch is the next
 * stretch of the stream that no epoch has covered, as soon as it is there whole. Settings and the number of CPU threads
 * change between epochs only. At any point between two minibatches the run
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
    private int threads;
    private int nextThreads;
    private Cursor cursor;
    private TruncatedBptt bptt;
    private KnownTokens known;
    private Sampler sampler;
    private Evaluation evaluation;
    private long scannedTokens;
    private int scannedVocabulary;
    private int vocabulary;
    private List<String> learned;
    private String failure;
    private boolean diverged;

    private TrainingRun(
            Corpus corpus,
            ComputeDevice device,
            TrainingSettings settings,
            int threads,
            Cursor cursor,
            List<Span> history) {
        this.corpus = corpus;
        this.device = device;
        this.settings = settings;
        this.nextSettings = settings;
        this.threads = threads;
        this.nextThreads = device.pinned() ? device.threads() : threads;
        this.cursor = cursor;
        this.history = new ArrayList<>(history);
        this.scannedVocabulary =
                Vocabulary.UNKNOWN_ID + 1 + corpus.reading().reservedTokens().size();
    }

    /** A new model; its network is made when the first epoch begins. */
    public static TrainingRun begin(Corpus corpus, TrainingSettings settings, ComputeDevice device) {
        return new TrainingRun(corpus, device, settings, device.threads(), Cursor.START, List.of());
    }

    /** A model that goes on from a checkpoint. */
    public static TrainingRun resume(Corpus corpus, Checkpoint checkpoint, ComputeDevice device) {
        TrainingRun run = new TrainingRun(
                corpus, device, checkpoint.settings(), checkpoint.threads(), checkpoint.cursor(), checkpoint.history());
        run.bptt = run.onDevice(checkpoint.network());
        run.vocabulary = checkpoint.shape().vocabulary();
        run.learned = checkpoint.vocabulary().entries();
        return run;
    }

    /**
     * Sets what the next epochs are trained with; an epoch under way is finished as it began. A run that has {@link
     * #diverged} stays as it is.
     *
     * @throws IllegalArgumentException if this network cannot go on with them
     */
    public void adopt(TrainingSettings next) {
        if (!settings.canGoOnWith(next)) {
            throw new IllegalArgumentException("Another network or seed is another model");
        }
        if (!next.equals(nextSettings)) {
            nextSettings = next;
            failure = diverged ? failure : null;
        }
    }

    /** Sets how many CPU threads the next epochs are trained with; an epoch under way is finished as it began. */
    void adoptThreads(int next) {
        nextThreads = next;
    }

    /** True when numbers are lost for good: no settings help this run any more, only its last checkpoint. */
    public boolean diverged() {
        return diverged;
    }

    /** What the run can do next. */
    public RunState state() {
        if (failure != null) {
            return new RunState.Failed(failure);
        }
        long known = corpus.tokens().size();
        if (cursor.insideEpoch()) {
            long needed = settings.sampling().read(cursor.epochTokens()) + cursor.heldOut();
            return known >= needed
                    ? new RunState.Training()
                    : new RunState.Waiting("reading its %d tokens back: %d so far".formatted(needed, known));
        }
        SamplingSettings sampling = nextSettings.sampling();
        if (sampling.online() && stretchesAhead() > 0) {
            return new RunState.Training();
        }
        if (sampling.online() && cursor.step() > 0) {
            return new RunState.Done();
        }
        if (!sampling.enough(known)) {
            return new RunState.Waiting("batch %d and window %d need at least %d tokens%s; there are %d"
                    .formatted(
                            sampling.batch(),
                            sampling.window(),
                            sampling.fewestUsable(),
                            sampling.validation() > 0 ? ", held-out ones included" : "",
                            known));
        }
        return atNextEpoch().epochsOnText() < nextSettings.epochs() ? new RunState.Training() : new RunState.Done();
    }

    /**
     * Trains on the next minibatch or, when all of an epoch are done, measures the next window of the held-out tokens;
     * call it when {@link #state} is {@link RunState.Training}.
     *
     * @return the epoch, when this was the last of it; empty also when it turns out that the run cannot go on, which
     *     {@link #state} then says
     */
    public Optional<CompletedEpoch> step() {
        Optional<CompletedEpoch> completed = Optional.empty();
        if (ready()) {
            ComputeDevice.useThreads(threads);
            completed = stepOfEpoch();
        }
        return completed;
    }

    /** Begins or resumes an epoch where that is needed; if it cannot, the run has failed. */
    private boolean ready() {
        if (!cursor.insideEpoch()) {
            Cursor next = atNextEpoch(); // once: the corpus may grow meanwhile
            if (!knowsTheText() || !fits(next)) {
                return false;
            }
            beginEpoch(next);
        } else if (sampler == null) {
            if (!knowsTheText()) {
                return false;
            }
            resumeEpoch();
        }
        return true;
    }

    private Optional<CompletedEpoch> stepOfEpoch() {
        if (cursor.minibatch() < sampler.minibatches()) {
            train();
            boolean last = cursor.minibatch() == sampler.minibatches();
            return last && !measures() ? Optional.of(endEpoch(Double.NaN)) : Optional.empty();
        }
        return measure();
    }

    /** Where training stands. */
    public Cursor cursor() {
        return cursor;
    }

    /** With online sampling: position of the first token of the stretch under way or, between two, of the next. */
    public long nextInStream() {
        return cursor.insideEpoch() ? firstToken() : cursor.epochTokens();
    }

    /** The settings of the epoch under way or, between epochs, of the next. */
    public TrainingSettings settings() {
        return cursor.insideEpoch() ? settings : nextSettings;
    }

    /** Epochs still to do on the text known now, the current one included. */
    public int epochsLeft() {
        if (nextSettings.sampling().online()) {
            return stretchesAhead() + (cursor.insideEpoch() ? 1 : 0);
        }
        Cursor at = cursor.insideEpoch() ? cursor : atNextEpoch();
        return Math.max(0, nextSettings.epochs() - at.epochsOnText());
    }

    /** Number of tokens that the network knows; 0 before the first epoch. */
    public int vocabularySize() {
        return vocabulary;
    }

    /** Tokens of the current or last epoch that read as {@code <unk>} because they are too rare; 0 before the first. */
    public long unknownTokens() {
        return known == null ? 0 : known.unknown();
    }

    /** Global L2 norm of the last gradient before clipping; NaN before the first step of this run. */
    public double gradientNorm() {
        return bptt == null ? Double.NaN : bptt.gradientNorm();
    }

    /**
     * Everything that is needed to go on from here.
     *
     * @return empty when there is nothing to keep: before the first step, or when training has failed, which is checked
     *     here too: the last step may have made weights that are not finite of a loss that was
     */
    public Optional<Checkpoint> checkpoint() {
        if (bptt == null || cursor.step() == 0 || failure != null) {
            return Optional.empty();
        }
        NetworkState state = bptt.state();
        state.notFinite().ifPresent(this::diverge);
        if (failure != null) {
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
        if (bptt != null) {
            bptt.close();
            bptt = null;
        }
    }

    private Cursor atNextEpoch() {
        long tokens = corpus.tokens().size();
        SamplingSettings sampling = nextSettings.sampling();
        return sampling.online()
                ? cursor.atEpoch(cursor.epochTokens() + sampling.stretch(), 0)
                : cursor.atEpoch(sampling.trained(tokens), sampling.heldOut(tokens));
    }

    /** Whole stretches of the stream that are known, and that no epoch has covered or is covering. */
    private int stretchesAhead() {
        SamplingSettings sampling = nextSettings.sampling();
        long inputs = sampling.usable(corpus.tokens().size()) - 1 - cursor.epochTokens();
        return Math.toIntExact(Math.max(0, inputs / sampling.stretch()));
    }

    /** Whether the ids of the checkpoint mean the same tokens in this corpus; if not, the run has failed. */
    private boolean knowsTheText() {
        if (learned != null && !corpus.vocabularyBeginsWith(learned)) {
            failure =
                    "the newest model of this name knows another vocabulary than this text has (it may have been imported): "
                            + "train the text under another name";
            return false;
        }
        learned = null;
        return true;
    }

    /** Whether the network fits the tokens of the next epoch; if not, the run has failed. */
    private boolean fits(Cursor next) {
        int size = vocabularyOf(nextSettings.sampling().read(next.epochTokens()));
        try {
            nextSettings.shape(size);
            return true;
        } catch (IllegalArgumentException e) {
            failure = "%s: take --hidden %d, or a linear output".formatted(e.getMessage(), size - 1);
            return false;
        }
    }

    private void beginEpoch(Cursor next) {
        cursor = next;
        settings = nextSettings;
        threads = nextThreads;
        growTo(vocabularyOf(settings.sampling().read(cursor.epochTokens())));
        bptt.resetLoss();
        resumeEpoch();
        Span span = new Span(
                cursor.epoch(),
                settings.sampling().online() ? firstToken() : cursor.epochTokens(),
                cursor.heldOut(),
                vocabulary,
                settings,
                threads);
        if (history.isEmpty() || !history.get(history.size() - 1).holds(span)) {
            history.add(span);
        }
    }

    /** Position of the first token that the epoch under way trains on. */
    private long firstToken() {
        return settings.sampling().online()
                ? cursor.epochTokens() - settings.sampling().stretch()
                : 0;
    }

    private void resumeEpoch() {
        SamplingSettings sampling = settings.sampling();
        long end = sampling.read(cursor.epochTokens());
        known = KnownTokens.of(corpus, end, sampling.minFrequency(), vocabulary);
        sampler = Sampler.of(
                sampling.method(),
                known.section(corpus.tokens(), firstToken(), end),
                sampling.batch(),
                sampling.window(),
                settings.seed(),
                cursor.epoch());
    }

    /** One step, with gradients through as many windows as are wanted and there are. */
    private void train() {
        int wanted = settings.sampling().gradientWindows();
        int last = cursor.minibatch();
        List<Minibatch> windows = new ArrayList<>();
        for (int index = Math.max(0, last - wanted + 1); index <= last; index++) {
            windows.add(sampler.minibatch(index));
        }
        bptt.step(windows, windows.size() == wanted, settings.optimizer(), cursor.step() + 1);
        cursor = cursor.afterMinibatch(windows.get(windows.size() - 1).tokens());
    }

    /** Whether there are tokens to measure at the end of this epoch, and a network that can be measured. */
    private boolean measures() {
        return cursor.heldOut() > 0 && Double.isFinite(bptt.lossSum());
    }

    /** One window of the held-out tokens. After a restart in their midst they are measured from the start again. */
    private Optional<CompletedEpoch> measure() {
        if (evaluation == null) {
            long from = cursor.epochTokens();
            evaluation = bptt.evaluation(
                    known.section(corpus.tokens(), from, from + cursor.heldOut()),
                    settings.sampling().batch(),
                    settings.sampling().window());
        }
        evaluation.step();
        if (!evaluation.done()) {
            return Optional.empty();
        }
        double perplexity = evaluation.perplexity();
        evaluation.close();
        evaluation = null;
        return Optional.of(endEpoch(perplexity));
    }

    private CompletedEpoch endEpoch(double validationPerplexity) {
        SamplingSettings sampling = settings.sampling();
        long tokens = (long) sampler.minibatches() * sampling.batch() * sampling.window();
        double lossSum = bptt.lossSum();
        Tensor stepLosses = bptt.stepLosses();
        bptt.resetLoss();
        double perplexity = Math.exp(lossSum / tokens);
        cursor = cursor.afterEpoch(perplexity, validationPerplexity);
        sampler = null;
        if (!Double.isFinite(perplexity)) {
            diverge("the perplexity is %s".formatted(perplexity));
        }
        int left = sampling.online() ? stretchesAhead() : Math.max(0, settings.epochs() - cursor.epochsOnText());
        return new CompletedEpoch(cursor, left, vocabulary, known.unknown(), bptt.gradientNorm(), stepLosses);
    }

    private void growTo(int size) {
        if (bptt == null) {
            bptt = onDevice(NetworkState.initial(
                    settings.shape(size), settings.network().initialization(), settings.seed()));
        } else if (size > vocabulary || settings.network().implementation() != bptt.implementation()) {
            NetworkState grown = bptt.state().grownTo(size, settings.network().initialization(), settings.seed());
            bptt.close();
            bptt = onDevice(grown);
        }
        vocabulary = size;
    }

    private TruncatedBptt onDevice(NetworkState state) {
        return new TruncatedBptt(
                device, settings.optimizer().rule(), settings.network().implementation(), state);
    }

    /** The size of the vocabulary of the corpus's first tokens: after the reserved ones ids are given in order of appearance. */
    private int vocabularyOf(long tokens) {
        for (; scannedTokens < tokens; scannedTokens++) {
            scannedVocabulary = Math.max(scannedVocabulary, corpus.tokens().id(scannedTokens) + 1);
        }
        return Math.max(vocabulary, scannedVocabulary);
    }

    /**
     * Notes that training has diverged.
     *
     * @param sign what shows it
     */
    private void diverge(String sign) {
        diverged = true;
        failure =
                "training diverged (%s after step %d, in epoch %d), and the last checkpoint before that is kept: lower the learning rate (%s)%s"
                        .formatted(
                                sign,
                                cursor.step(),
                                cursor.epoch() + (cursor.insideEpoch() ? 1 : 0),
                                settings.optimizer().learningRate(),
                                settings.optimizer().clip() == 0 ? " or clip the gradient" : " or the clipping norm");
    }
}

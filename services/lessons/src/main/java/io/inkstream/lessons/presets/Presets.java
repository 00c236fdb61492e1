package io.inkstream.lessons.presets;

import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The catalogue. The figures and completions on The Time Machine are those of <a href="https://d2l.ai">Dive into Deep
 * Learning</a>, as its authors' notebooks show them in {@code d2l-ai/d2l-zh-pytorch-slides}: {@code rnn-scratch.ipynb} of commit
 * 02a38c32, {@code rnn-concise.ipynb} of 03caf8cc, {@code gru.ipynb} and {@code lstm.ipynb} of 341c193b. Each edition of the book
 * ran them anew: the perplexities agree, the completions are one run's. On The War of the Worlds the published completion is the
 * book's own text, and so is PyTorch's. The Keras lesson is the one of the book's
 * first edition, rewritten for Keras. The lesson on hello is that of a first course in PyTorch; it does not come to its answer with
 * every seed, see {@code services/benchmarks/peers/hello.py}.
 */
public final class Presets {

    private static final int PUBLISHED_COMPLETION = 50; // characters that the book lets its models write
    private static final int FEW_WORDS = 20;
    private static final int SEEDS = 100; // of which a share is measured
    private static final int SEEDS_IN_PYTORCH = 200;

    private static final String BY_ARGUMENT = "you can show black is white by argument said filby";
    private static final String CONVENIENT = " for so it will be convenient to speak of himwas e";

    private static final List<Preset> ALL = List.of(
            timeMachine(
                    "time-machine-rnn",
                    "One concise layer of 256 tanh units on The Time Machine (Dive into Deep Learning 8.6).",
                    layer(CellKind.RNN_TANH),
                    "1.3",
                    PeerFigure.perplexity("1.30"),
                    List.of(
                            Prefix.published("time traveller", "it soupthat un the omung of opradid to the neot mo"),
                            Prefix.published("traveller", "i byece jesit whour ha sove tinced whe hivess the ")),
                    1.36),
            timeMachine(
                    "time-machine-rnn-random",
                    "The same with random instead of sequential minibatches.",
                    random(layer(CellKind.RNN_TANH)),
                    "1.4 to 1.5",
                    // Four seeds. The figure was published for 512 units, with which PyTorch comes to 1.48; for 256
                    // there is none.
                    PeerFigure.perplexity("1.67", "1.61", "1.68"),
                    unpublishedTravellers(),
                    1.76),
            timeMachine(
                    "time-machine-scratch",
                    "The cell from scratch, 512 tanh units, on The Time Machine (Dive into Deep Learning 8.5).",
                    scratch(),
                    "1.0",
                    PeerFigure.perplexity("1.03"),
                    List.of(
                            Prefix.published("time traveller", BY_ARGUMENT),
                            Prefix.published("traveller", BY_ARGUMENT)),
                    1.08),
            timeMachine(
                    "time-machine-scratch-random",
                    "The cell from scratch with random minibatches (Dive into Deep Learning 8.5).",
                    random(scratch()),
                    "1.4",
                    PeerFigure.perplexity("1.51"),
                    List.of(
                            Prefix.published("time traveller", " held in his hand was a glitteringmetallic framewo"),
                            Prefix.published("traveller", "it would be remarkably convenient for the historia")),
                    1.58),
            timeMachine(
                    "time-machine-gru",
                    "One layer of 256 gated recurrent units on The Time Machine (Dive into Deep Learning 9.1).",
                    layer(CellKind.GRU),
                    "1.0 to 1.1",
                    PeerFigure.perplexity("1.04"),
                    List.of(
                            Prefix.published("time traveller", BY_ARGUMENT),
                            Prefix.published("traveller", " with a slight accession ofcheerfulness really thi")),
                    1.09),
            timeMachine(
                    "time-machine-lstm",
                    "One layer of 256 LSTM units on The Time Machine (Dive into Deep Learning 9.2).",
                    layer(CellKind.LSTM),
                    "1.0 to 1.1",
                    PeerFigure.perplexity("1.05"),
                    List.of(Prefix.published("time traveller", CONVENIENT), Prefix.published("traveller", BY_ARGUMENT)),
                    1.09),
            new Preset(
                    "war-of-the-worlds",
                    "The cell from scratch on another book, as an exercise of Dive into Deep Learning 8.5 proposes.",
                    Book.WAR_OF_THE_WORLDS,
                    reading(TokenizerKind.CHARACTERS, NormalizerKind.TIME_MACHINE),
                    scratch().build(),
                    "1.0",
                    PeerFigure.perplexity("1.03"),
                    List.of(Prefix.published(
                            "the planet mars i scarcely", " need remind the reader revolves about thesun at a")),
                    PUBLISHED_COMPLETION,
                    Expectation.perplexityAtMost(1.08)),
            new Preset(
                    "chinese-poems",
                    "256 tanh units with Keras' first weights on Chinese characters (Dive into Deep Learning, first edition, in Keras).",
                    Book.TANG_POEMS,
                    reading(TokenizerKind.CHARACTERS, NormalizerKind.VERBATIM),
                    keras(),
                    "1.02 on lyrics",
                    PeerFigure.perplexity("25.4", "23.2", "29.5"),
                    List.of(Prefix.unpublished("明月"), Prefix.unpublished("君不見")),
                    PUBLISHED_COMPLETION,
                    // 1.05 times the median of nine seeds in PyTorch
                    Expectation.perplexityAtMost(26.7)),
            hello(
                    "hello-cell",
                    "A cell of 4 units learns to answer hello with ohlol (a first course in PyTorch, RNNCell).",
                    helloCell(),
                    146,
                    60),
            hello(
                    "hello-rnn",
                    "The same with a layer instead of a cell (a first course in PyTorch, RNN).",
                    helloLayer(),
                    125,
                    50),
            hello(
                    "hello-embedding",
                    "The same with an embedding, two layers and a linear layer (a first course in PyTorch, Embedding).",
                    helloEmbedding(),
                    199,
                    95),
            new Preset(
                    "war-of-the-worlds-words",
                    "Words instead of characters, of the whole book; words that appear once read as <unk>.",
                    Book.WAR_OF_THE_WORLDS,
                    reading(TokenizerKind.WORDS, NormalizerKind.TIME_MACHINE),
                    words(),
                    "–",
                    PeerFigure.unknown(),
                    List.of(Prefix.unpublished("the planet mars i scarcely"), Prefix.unpublished("the martians")),
                    FEW_WORDS,
                    Expectation.learning()));

    private Presets() {}

    /** All presets, in the order in which they are run. */
    public static List<Preset> all() {
        return ALL;
    }

    /** The preset of this name. */
    public static Optional<Preset> named(String name) {
        return ALL.stream().filter(preset -> preset.name().equals(name)).findFirst();
    }

    private static Preset timeMachine(
            String name,
            String description,
            TrainingSpec.Builder training,
            String published,
            PeerFigure pytorch,
            List<Prefix> prefixes,
            double bound) {
        return new Preset(
                name,
                description,
                Book.TIME_MACHINE,
                reading(TokenizerKind.CHARACTERS, NormalizerKind.TIME_MACHINE),
                training.build(),
                published,
                pytorch,
                prefixes,
                PUBLISHED_COMPLETION,
                Expectation.perplexityAtMost(bound));
    }

    /**
     * The pairs of hello and ohlol, one letter after the other; asked is what follows each beginning of hello.
     *
     * <p>The lessons show one run that gets there. Many seeds do not: where the hidden state is the logits, it is bound to
     * ±1, and four units must both remember and answer. In PyTorch 146 and 125 of 200 seeds give the answer after these 15
     * epochs, and after 60 still only about 155. So the share of the seeds is the figure.
     *
     * @param rightInPyTorch how many of 200 seeds give the answer in PyTorch
     * @param atLeast how many of 100 seeds must give it here
     */
    private static Preset hello(
            String name, String description, TrainingSpec training, int rightInPyTorch, int atLeast) {
        String question = "hello";
        String answer = "ohlol";
        return new Preset(
                name,
                description,
                new OwnText(pairs(question, answer)),
                reading(TokenizerKind.CHARACTERS, NormalizerKind.TIME_MACHINE),
                training,
                answer,
                PeerFigure.answers(rightInPyTorch, SEEDS_IN_PYTORCH),
                IntStream.rangeClosed(1, question.length())
                        .mapToObj(end -> Prefix.published(question.substring(0, end), answer.substring(end - 1, end)))
                        .toList(),
                1,
                Expectation.answer(answer, atLeast, SEEDS));
    }

    private static String pairs(String question, String answer) {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < question.length(); i++) {
            pairs.append(question.charAt(i)).append(answer.charAt(i));
        }
        return pairs.toString();
    }

    private static List<Prefix> unpublishedTravellers() {
        return List.of(Prefix.unpublished("time traveller"), Prefix.unpublished("traveller"));
    }

    private static CorpusSpec reading(TokenizerKind tokenizer, NormalizerKind normalizer) {
        return CorpusSpec.newBuilder()
                .setTokenizer(tokenizer)
                .setNormalizer(normalizer)
                .build();
    }

    /** A plain network. All choices are named: Avro takes the defaults of choices only where a serde has been made. */
    private static TrainingSpec.Builder network() {
        return TrainingSpec.newBuilder()
                .setCell(CellKind.RNN_TANH)
                .setOutput(OutputKind.LINEAR)
                .setInitialization(InitializationKind.PYTORCH);
    }

    /** What the lessons on The Time Machine have in common. */
    private static TrainingSpec.Builder lesson() {
        return network()
                .setHidden(256)
                .setBatch(32)
                .setWindow(35)
                .setMaxTokens(10_000)
                .setSampling(SamplingKind.SEQUENTIAL)
                .setOptimizer(OptimizerKind.SGD)
                .setLearningRate(1)
                .setClip(1)
                .setEpochs(500);
    }

    private static TrainingSpec.Builder layer(CellKind cell) {
        return lesson().setCell(cell);
    }

    private static TrainingSpec.Builder scratch() {
        return lesson().setHidden(512).setInitialization(InitializationKind.NORMAL);
    }

    private static TrainingSpec.Builder random(TrainingSpec.Builder sequential) {
        return sequential.setSampling(SamplingKind.RANDOM);
    }

    private static TrainingSpec keras() {
        return lesson().setInitialization(InitializationKind.KERAS)
                .setLearningRate(100)
                .setClip(0.01)
                .setEpochs(250)
                .build();
    }

    private static TrainingSpec words() {
        return lesson().setCell(CellKind.GRU)
                .setEmbedding(128)
                .setMaxTokens(0)
                .setMinFrequency(2)
                .setSampling(SamplingKind.RANDOM)
                .setOptimizer(OptimizerKind.ADAM)
                .setLearningRate(0.005)
                .setEpochs(10)
                .build();
    }

    /** What the lessons on hello have in common: one window of five pairs, no bound on the gradient. */
    private static TrainingSpec.Builder helloLesson(double learningRate) {
        return network()
                .setBatch(1)
                .setWindow(5)
                .setSampling(SamplingKind.PAIRS)
                .setOptimizer(OptimizerKind.ADAM)
                .setLearningRate(learningRate)
                .setClip(0)
                .setEpochs(15);
    }

    /** The lesson adds up the losses of the five steps, where ours is their mean: to Adam a factor makes no difference. */
    private static TrainingSpec helloCell() {
        return helloLesson(0.1).setHidden(4).setOutput(OutputKind.HIDDEN).build();
    }

    private static TrainingSpec helloLayer() {
        return helloLesson(0.05).setHidden(4).setOutput(OutputKind.HIDDEN).build();
    }

    private static TrainingSpec helloEmbedding() {
        return helloLesson(0.05).setHidden(8).setLayers(2).setEmbedding(10).build();
    }
}

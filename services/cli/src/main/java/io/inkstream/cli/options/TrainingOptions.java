package io.inkstream.cli.options;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.launcher.commandline.Values;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.ImplementationKind;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The network and how it is trained. */
public final class TrainingOptions {

    private static final double SGD_LEARNING_RATE = 1;
    private static final double ADAM_LEARNING_RATE = 0.004;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--cell",
            paramLabel = "KIND",
            defaultValue = "rnn",
            description = "The recurrent cell: rnn, rnn-relu, gru or lstm. Default: ${DEFAULT-VALUE}.")
    private CellKind cell;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            defaultValue = "256",
            description = "Hidden units of each layer. Default: ${DEFAULT-VALUE}.")
    private int hidden;

    @Option(
            names = "--layers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Recurrent layers. Default: ${DEFAULT-VALUE}.")
    private int layers;

    @Option(
            names = "--embedding",
            paramLabel = "N",
            defaultValue = "0",
            description = "Size of a learned embedding; 0: tokens are fed one-hot. Default: ${DEFAULT-VALUE}.")
    private int embedding;

    @Option(
            names = "--output",
            paramLabel = "KIND",
            defaultValue = "linear",
            description =
                    "Where the logits come from: linear (a layer on top) or hidden (the hidden state is the logits; as many "
                            + "units as tokens). Default: ${DEFAULT-VALUE}.")
    private OutputKind output;

    @Option(
            names = "--init",
            paramLabel = "KIND",
            defaultValue = "pytorch",
            description =
                    "The first weights: pytorch (uniform), normal (deviation 0.01, biases 0) or keras (Glorot, orthogonal, "
                            + "biases 0). Default: ${DEFAULT-VALUE}.")
    private InitializationKind initialization;

    @Option(
            names = "--implementation",
            paramLabel = "KIND",
            defaultValue = "native",
            description =
                    "How the recurrence is computed: native (PyTorch's layer) or explicit (the equations, step by step). "
                            + "Default: ${DEFAULT-VALUE}.")
    private ImplementationKind implementation;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "Lanes of a minibatch. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "35",
            description = "Time steps of a minibatch. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description =
                    "Epochs to train. Default of train: 500 for up to 10,000 tokens; for more, as many as make about 5,000,000 "
                            + "trained tokens. Default of demo: as many as make about 1,400,000. At least 10, at most 500.")
    private Integer epochs;

    @Option(
            names = "--min-frequency",
            paramLabel = "N",
            defaultValue = "1",
            description = "Tokens seen less often read as <unk>. Default: ${DEFAULT-VALUE}.")
    private int minFrequency;

    @Option(
            names = "--sampling",
            paramLabel = "KIND",
            defaultValue = "sequential",
            description =
                    "How minibatches are cut: sequential, random, pairs (an input and its target by turns) or online (each token "
                            + "once, as the stream brings it). Default: ${DEFAULT-VALUE}.")
    private SamplingKind sampling;

    @Option(
            names = "--segment-windows",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "With --sampling online: each lane takes a segment of N windows from the stream, through which the hidden "
                            + "state is carried. Training takes a step when all lanes have theirs. Default: ${DEFAULT-VALUE}.")
    private int segmentWindows;

    @Option(
            names = "--no-detach",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Gradients flow back through N windows before the hidden state is detached, at N times the cost. "
                            + "Default: ${DEFAULT-VALUE}.")
    private int gradientWindows;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Share of the tokens, the last ones, that is held out and measured after each epoch: 0.1 is the last tenth. "
                            + "Default: ${DEFAULT-VALUE}.")
    private double validation;

    @Option(
            names = "--optimizer",
            paramLabel = "KIND",
            defaultValue = "sgd",
            description = "The update rule: sgd or adam. Default: ${DEFAULT-VALUE}.")
    private OptimizerKind optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "Step size of the optimizer. Default: 1 with sgd, 0.004 with adam.")
    private Double learningRate;

    @Option(
            names = "--clip",
            paramLabel = "X",
            defaultValue = "1",
            description = "Upper bound of the gradient's norm; 0: none. Default: ${DEFAULT-VALUE}.")
    private double clip;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of weights, sampling and drawing. Default: ${DEFAULT-VALUE}.")
    private long seed;

    /** Checks the values. */
    public void check() {
        new Values(command)
                .atLeast("--hidden", 1, hidden)
                .atLeast("--layers", 1, layers)
                .atLeast("--embedding", 0, embedding)
                .atLeast("--batch", 1, batch)
                .atLeast("--window", 1, window)
                .atLeast("--epochs", 1, epochs)
                .atLeast("--min-frequency", 1, minFrequency)
                .atLeast("--no-detach", 1, gradientWindows)
                .atLeast("--segment-windows", 1, segmentWindows)
                .require(
                        epochs == null || sampling != SamplingKind.ONLINE,
                        "--sampling online trains on each token once: leave --epochs out")
                .require(
                        validation >= 0 && validation <= 0.5,
                        "--validation must be between 0 and 0.5, not %s",
                        validation)
                .above("--learning-rate", 0, learningRate())
                .atLeastZero("--clip", clip);
        try {
            settings(0);
        } catch (IllegalArgumentException e) { // options that do not go together
            throw new ParameterException(command.commandLine(), capitalized(e.getMessage()), e);
        }
    }

    /** What they mean for training, whatever the number of epochs. */
    public TrainingSettings settings(long maxTokens) {
        return SpecConversion.settings(spec(1, maxTokens));
    }

    /**
     * How many epochs to train.
     *
     * @param tokens tokens of an epoch; 0 when not known yet
     */
    public EpochChoice epochs(long tokens) {
        return requestedEpochs().orElseGet(() -> EpochChoice.forTraining(tokens));
    }

    /** As {@link #epochs}, for a demo, which is to end soon. */
    public EpochChoice demoEpochs(long tokens) {
        return requestedEpochs().orElseGet(() -> EpochChoice.forDemo(tokens));
    }

    private Optional<EpochChoice> requestedEpochs() {
        if (sampling == SamplingKind.ONLINE) {
            return Optional.of(EpochChoice.ONLINE);
        }
        return Optional.ofNullable(epochs).map(EpochChoice::requested);
    }

    public long seed() {
        return seed;
    }

    /** The settings as they are published. */
    public TrainingSpec spec(int chosenEpochs, long maxTokens) {
        return TrainingSpec.newBuilder()
                .setCell(cell)
                .setHidden(hidden)
                .setLayers(layers)
                .setEmbedding(embedding)
                .setOutput(output)
                .setInitialization(initialization)
                .setImplementation(implementation)
                .setBatch(batch)
                .setWindow(window)
                .setEpochs(chosenEpochs)
                .setMaxTokens(maxTokens)
                .setMinFrequency(minFrequency)
                .setValidation(validation)
                .setGradientWindows(gradientWindows)
                .setSegmentWindows(segmentWindows)
                .setSampling(sampling)
                .setOptimizer(optimizer)
                .setLearningRate(learningRate())
                .setClip(clip)
                .setSeed(seed)
                .build();
    }

    private double learningRate() {
        if (learningRate != null) {
            return learningRate;
        }
        return optimizer == OptimizerKind.ADAM ? ADAM_LEARNING_RATE : SGD_LEARNING_RATE;
    }

    private static String capitalized(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}

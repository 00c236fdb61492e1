package io.inkstream.cli.options;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
            description = "Hidden units per layer. Default: ${DEFAULT-VALUE}.")
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
            description = "Size of a learned embedding; 0: tokens are one-hot vectors. Default: ${DEFAULT-VALUE}.")
    private int embedding;

    @Option(
            names = "--output",
            paramLabel = "KIND",
            defaultValue = "linear",
            description =
                    "Source of the logits: linear (an output layer) or hidden (the hidden state itself, with as many units as "
                            + "tokens). Default: ${DEFAULT-VALUE}.")
    private OutputKind output;

    @Option(
            names = "--init",
            paramLabel = "KIND",
            defaultValue = "pytorch",
            description =
                    "Initial weights: pytorch (uniform), normal (standard deviation 0.01, biases 0) or keras (Glorot, orthogonal, "
                            + "biases 0). Default: ${DEFAULT-VALUE}.")
    private InitializationKind initialization;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "Lanes per minibatch (batch size). Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "35",
            description = "Time steps per minibatch. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description =
                    "Epochs to train. Default of train: 500 for up to 10,000 tokens; for more, as many as make about 5,000,000 "
                            + "trained tokens. Default of demo: as many as make about 1,400,000. At least 10, at most 500.")
    private @Nullable Integer epochs;

    @Option(
            names = "--min-frequency",
            paramLabel = "N",
            defaultValue = "1",
            description = "Tokens that occur less often are replaced by <unk>. Default: ${DEFAULT-VALUE}.")
    private int minFrequency;

    @Option(
            names = "--sampling",
            paramLabel = "KIND",
            defaultValue = "sequential",
            description =
                    "How minibatches are sampled: sequential, random, pairs (inputs and targets alternate) or online (each token "
                            + "once, in stream order). Default: ${DEFAULT-VALUE}.")
    private SamplingKind sampling;

    @Option(
            names = "--segment-windows",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "With --sampling online: windows per segment of the stream, through which a lane carries its hidden state. "
                            + "A step is trained once every lane has its segment. Default: ${DEFAULT-VALUE}.")
    private int segmentWindows;

    @Option(
            names = "--no-detach",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Windows that gradients flow back through before the hidden state is detached, at N times the cost. "
                            + "Default: ${DEFAULT-VALUE}.")
    private int gradientWindows;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Share of the tokens to hold out, from the end, and evaluate after each epoch: 0.1 is the last tenth. "
                            + "Default: ${DEFAULT-VALUE}.")
    private double validation;

    @Option(
            names = "--optimizer",
            paramLabel = "KIND",
            defaultValue = "sgd",
            description = "The optimizer: sgd or adam. Default: ${DEFAULT-VALUE}.")
    private OptimizerKind optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "Step size of the optimizer. Default: 1 with sgd, 0.004 with adam.")
    private @Nullable Double learningRate;

    @Option(
            names = "--clip",
            paramLabel = "X",
            defaultValue = "1",
            description = "Maximum gradient norm (clipping); 0: none. Default: ${DEFAULT-VALUE}.")
    private double clip;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed for the initial weights and for sampling. Default: ${DEFAULT-VALUE}.")
    private long seed;

    /** Checks the values. */
    public void check() {
        new OptionChecks(command)
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
                        "--sampling online trains on each token once: omit --epochs")
                .require(
                        validation >= 0 && validation <= 0.5,
                        "--validation must be between 0 and 0.5, not %s",
                        validation)
                .above("--learning-rate", 0, learningRate())
                .atLeastZero("--clip", clip);
        try {
            settings(0);
        } catch (IllegalArgumentException e) { // options that do not go together
            throw new ParameterException(command.commandLine(), capitalized(String.valueOf(e.getMessage())), e);
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

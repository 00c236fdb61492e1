package io.inkstream.systemtests.workload;

import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings of a training whose weights must not depend on what happens to the trainer.
 *
 * @param cell the recurrent cell
 * @param optimizer the update rule
 * @param sampling how minibatches are cut
 * @param options what else is unlike the defaults
 */
public record TrainingCase(CellKind cell, OptimizerKind optimizer, SamplingKind sampling, Set<Option> options) {

    private static final List<CellKind> CELLS = List.of(CellKind.RNN_TANH, CellKind.GRU, CellKind.LSTM);
    private static final List<OptimizerKind> OPTIMIZERS = List.of(OptimizerKind.SGD, OptimizerKind.ADAM);
    private static final List<SamplingKind> SAMPLINGS =
            List.of(SamplingKind.SEQUENTIAL, SamplingKind.RANDOM, SamplingKind.ONLINE);

    /** Something that is not so by default. */
    public enum Option {
        /** Two recurrent layers. */
        LAYERS,
        /** A learned embedding. */
        EMBEDDING,
        /** A fifth of the tokens is held out and measured after each epoch. */
        VALIDATION,
        /** Gradients flow back through three windows. */
        NO_DETACH,
        /** Rare tokens read as {@code <unk>}. */
        MIN_FREQUENCY,
        /** Keras' first weights. */
        KERAS,
        /** Gradients are not clipped. */
        NO_CLIP
    }

    public TrainingCase {
        options = Set.copyOf(options);
    }

    /** Settings that are the defaults but for these. */
    public static TrainingCase of(CellKind cell, OptimizerKind optimizer, SamplingKind sampling, Option... options) {
        return new TrainingCase(cell, optimizer, sampling, Set.of(options));
    }

    /** The usual cells with every optimizer and every sampling of running text, and then each option at least once. */
    public static List<TrainingCase> all() {
        List<TrainingCase> cases = new ArrayList<>();
        for (OptimizerKind optimizer : OPTIMIZERS) {
            for (SamplingKind sampling : SAMPLINGS) {
                for (CellKind cell : CELLS) {
                    cases.add(of(cell, optimizer, sampling));
                }
            }
        }
        cases.addAll(List.of(
                of(CellKind.RNN_RELU, OptimizerKind.SGD, SamplingKind.SEQUENTIAL),
                of(CellKind.RNN_RELU, OptimizerKind.ADAM, SamplingKind.RANDOM),
                of(CellKind.RNN_RELU, OptimizerKind.ADAM, SamplingKind.ONLINE, Option.EMBEDDING),
                of(CellKind.RNN_TANH, OptimizerKind.SGD, SamplingKind.PAIRS),
                of(CellKind.GRU, OptimizerKind.ADAM, SamplingKind.PAIRS, Option.LAYERS),
                of(CellKind.RNN_TANH, OptimizerKind.ADAM, SamplingKind.SEQUENTIAL, Option.NO_DETACH),
                of(CellKind.RNN_RELU, OptimizerKind.SGD, SamplingKind.PAIRS),
                of(CellKind.GRU, OptimizerKind.ADAM, SamplingKind.SEQUENTIAL, Option.LAYERS, Option.EMBEDDING),
                of(CellKind.LSTM, OptimizerKind.SGD, SamplingKind.RANDOM, Option.LAYERS),
                of(CellKind.GRU, OptimizerKind.SGD, SamplingKind.SEQUENTIAL, Option.VALIDATION),
                of(CellKind.LSTM, OptimizerKind.ADAM, SamplingKind.RANDOM, Option.VALIDATION, Option.MIN_FREQUENCY),
                of(CellKind.LSTM, OptimizerKind.SGD, SamplingKind.SEQUENTIAL, Option.NO_DETACH),
                of(CellKind.GRU, OptimizerKind.ADAM, SamplingKind.RANDOM, Option.KERAS, Option.NO_CLIP)));
        return cases;
    }

    /** A few of them that have each sampling, both optimizers and most of the options. */
    public static List<TrainingCase> few() {
        return List.of(
                of(CellKind.GRU, OptimizerKind.ADAM, SamplingKind.SEQUENTIAL, Option.LAYERS, Option.EMBEDDING),
                of(CellKind.RNN_RELU, OptimizerKind.SGD, SamplingKind.RANDOM, Option.VALIDATION),
                of(CellKind.LSTM, OptimizerKind.ADAM, SamplingKind.ONLINE),
                of(CellKind.RNN_TANH, OptimizerKind.SGD, SamplingKind.PAIRS));
    }

    /** For instance {@code gru-adam-random} or {@code lstm-sgd-random-layers}. */
    public String label() {
        String base = "%s-%s-%s".formatted(cell == CellKind.RNN_TANH ? "rnn" : cell, optimizer, sampling);
        return Stream.concat(Stream.of(base), options.stream().sorted().map(Option::name))
                .map(part -> part.toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining("-"));
    }

    /** A small network that is trained with these settings. */
    public TrainingSpec spec(int epochs, long seed) {
        return TrainingSpec.newBuilder()
                .setCell(cell)
                .setHidden(16)
                .setLayers(options.contains(Option.LAYERS) ? 2 : 1)
                .setEmbedding(options.contains(Option.EMBEDDING) ? 6 : 0)
                .setOutput(OutputKind.LINEAR)
                .setInitialization(
                        options.contains(Option.KERAS) ? InitializationKind.KERAS : InitializationKind.PYTORCH)
                .setBatch(4)
                .setWindow(16)
                .setSegmentWindows(3)
                .setGradientWindows(options.contains(Option.NO_DETACH) ? 3 : 1)
                .setMinFrequency(options.contains(Option.MIN_FREQUENCY) ? 20 : 1)
                .setValidation(options.contains(Option.VALIDATION) ? 0.2 : 0)
                .setEpochs(epochs)
                .setSampling(sampling)
                .setOptimizer(optimizer)
                .setLearningRate(optimizer == OptimizerKind.ADAM ? 0.003 : cell == CellKind.RNN_RELU ? 0.1 : 0.5)
                .setClip(options.contains(Option.NO_CLIP) ? 0 : 1)
                .setSeed(seed)
                .build();
    }
}

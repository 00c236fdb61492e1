package io.inkstream.systemtests.workload;

import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.ImplementationKind;
import io.inkstream.schemas.InitializationKind;
import io.inkstream.schemas.OptimizerKind;
import io.inkstream.schemas.OutputKind;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A way to train whose weights must not depend on what happens to the trainer.
 *
 * @param cell the recurrent cell
 * @param optimizer the update rule
 * @param sampling how minibatches are cut
 */
public record TrainingCase(CellKind cell, OptimizerKind optimizer, SamplingKind sampling) {

    private static final List<CellKind> CELLS = List.of(CellKind.RNN_TANH, CellKind.GRU, CellKind.LSTM);
    private static final List<OptimizerKind> OPTIMIZERS = List.of(OptimizerKind.SGD, OptimizerKind.ADAM);
    private static final List<SamplingKind> SAMPLINGS =
            List.of(SamplingKind.SEQUENTIAL, SamplingKind.RANDOM, SamplingKind.ONLINE);

    /** Every cell with every optimizer and every sampling. */
    public static List<TrainingCase> all() {
        List<TrainingCase> cases = new ArrayList<>();
        for (OptimizerKind optimizer : OPTIMIZERS) {
            for (SamplingKind sampling : SAMPLINGS) {
                for (CellKind cell : CELLS) {
                    cases.add(new TrainingCase(cell, optimizer, sampling));
                }
            }
        }
        return cases;
    }

    /** For instance {@code gru-adam-random}. */
    public String label() {
        return "%s-%s-%s"
                .formatted(cell == CellKind.RNN_TANH ? "rnn" : cell, optimizer, sampling)
                .toLowerCase(Locale.ROOT);
    }

    /** A small network that is trained in this way. */
    public TrainingSpec spec(int epochs, long seed) {
        return TrainingSpec.newBuilder()
                .setCell(cell)
                .setHidden(16)
                .setOutput(OutputKind.LINEAR)
                .setInitialization(InitializationKind.PYTORCH)
                .setImplementation(ImplementationKind.NATIVE)
                .setBatch(4)
                .setWindow(16)
                .setSegmentWindows(3)
                .setEpochs(epochs)
                .setSampling(sampling)
                .setOptimizer(optimizer)
                .setLearningRate(optimizer == OptimizerKind.ADAM ? 0.003 : 0.5)
                .setSeed(seed)
                .build();
    }
}

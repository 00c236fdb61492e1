package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Trains small networks of each kind, and drops them: so that the JVM compiles what training takes its time with. The JVM
 * compiles what was called often, however much each call computed, and a product in a network of 256 units computes eight times
 * as much while nothing is compiled.
 */
final class WarmUp {

    private static final List<Cell> CELLS = List.of(Cell.LSTM, Cell.GRU, Cell.RNN_TANH);

    private static final int HIDDEN = Matrix.PANEL;

    private static final int VOCABULARY = 28;

    /** As many rows as a product computes together. */
    private static final int LANES = 8;

    private static final int WINDOW = 4;

    /** Of each cell. */
    private static final int STEPS = 40;

    private static final OptimizerSettings SETTINGS = new OptimizerSettings(OptimizerRule.SGD, 0.1, 1);

    /** Compiled code serves every engine of this JVM. */
    private static final class OfThisJvm {

        static final CompletableFuture<Void> DONE = CompletableFuture.runAsync(WarmUp::train, WarmUp::start);
    }

    private WarmUp() {}

    /** Begins, unless that was done before; completed when the networks are trained. The compiler takes a little longer. */
    static CompletableFuture<Void> inBackground() {
        return OfThisJvm.DONE;
    }

    private static void start(Runnable warmUp) {
        Thread thread = new Thread(warmUp, "engine-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void train() {
        JavaEngine engine = new JavaEngine(1);
        CELLS.forEach(cell -> train(engine, cell));
    }

    private static void train(JavaEngine engine, Cell cell) {
        NetworkState initial =
                NetworkState.initial(new ModelShape(cell, 1, HIDDEN, 0, VOCABULARY), Initialization.PYTORCH, 1);
        try (BpttNetwork network = engine.newNetwork(initial, SETTINGS.rule())) {
            List<Minibatch> minibatch = List.of(minibatch());
            for (int step = 1; step <= STEPS; step++) {
                network.step(minibatch, true, SETTINGS, step);
            }
        }
    }

    private static Minibatch minibatch() {
        Minibatch minibatch = Minibatch.empty(WINDOW, LANES);
        Arrays.setAll(minibatch.inputs(), i -> i % VOCABULARY);
        Arrays.setAll(minibatch.targets(), i -> (i + 1) % VOCABULARY);
        return minibatch;
    }
}

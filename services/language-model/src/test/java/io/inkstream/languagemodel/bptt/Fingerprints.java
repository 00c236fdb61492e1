package io.inkstream.languagemodel.bptt;

import io.inkstream.languagemodel.LearnableText;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Trains networks and prints the SHA-256 of everything that is carried from step to step: a program of its own, so that it
 * can be run with any JVM, with any of its options, and on any processor.
 *
 * <pre>
 *  java io.inkstream.languagemodel.bptt.Fingerprints small|large THREADS
 * </pre>
 */
public final class Fingerprints {

    /** Steps after which the state is printed. */
    private static final List<Integer> SMALL = List.of(1, 12);

    /** More than the compilers need to see. */
    private static final List<Integer> LARGE = List.of(3, 60);

    /** What is trained, and how. */
    private record Run(String name, ModelShape shape, OptimizerRule rule, int lanes, int window, int windows) {}

    private Fingerprints() {}

    /** Prints a line for each network and number of steps: its name, the steps, the fingerprint. */
    public static void main(String[] args) {
        boolean large = args[0].equals("large");
        int threads = Integer.parseInt(args[1]);
        int steps = args.length > 2 ? Integer.parseInt(args[2]) : Integer.MAX_VALUE;
        for (Run run : large ? largeRuns() : smallRuns()) {
            train(
                    run,
                    (large ? LARGE : SMALL)
                            .stream().filter(step -> step <= steps).toList(),
                    threads);
        }
    }

    private static List<Run> smallRuns() {
        List<Run> runs = new ArrayList<>();
        for (Cell cell : Cell.values()) {
            String name = cell.name().toLowerCase(Locale.ROOT);
            runs.add(new Run(name, new ModelShape(cell, 1, 40, 0, 37), OptimizerRule.SGD, 6, 7, 1));
            runs.add(new Run(
                    name + "-2layer-embedding-adam", new ModelShape(cell, 2, 33, 12, 70), OptimizerRule.ADAM, 5, 4, 1));
            runs.add(new Run(name + "-windows", new ModelShape(cell, 1, 24, 0, 20), OptimizerRule.SGD, 3, 4, 3));
            runs.add(new Run(
                    name + "-hidden-output",
                    new ModelShape(cell, 1, 19, 0, 20, Output.HIDDEN),
                    OptimizerRule.ADAM,
                    2,
                    5,
                    1));
        }
        return runs;
    }

    private static List<Run> largeRuns() {
        List<Run> runs = new ArrayList<>();
        for (Cell cell : Cell.values()) {
            String name = "large-" + cell.name().toLowerCase(Locale.ROOT);
            runs.add(new Run(name, new ModelShape(cell, 1, 128, 0, 28), OptimizerRule.SGD, 32, 35, 1));
        }
        return runs;
    }

    private static void train(Run run, List<Integer> printed, int threads) {
        OptimizerSettings settings = new OptimizerSettings(run.rule, run.rule == OptimizerRule.SGD ? 1 : 0.01, 1);
        Random random = new Random(7);
        NetworkState start = NetworkState.initial(run.shape, Initialization.PYTORCH, 3);
        try (BpttNetwork network = new JavaEngine(threads).newNetwork(start, run.rule)) {
            List<Minibatch> windows = new ArrayList<>();
            int last = printed.get(printed.size() - 1);
            for (int step = 1; step <= last; step++) {
                windows.add(LearnableText.minibatch(random, run.shape.vocabulary(), run.lanes, run.window, step == 1));
                if (windows.size() > run.windows) {
                    windows.remove(0);
                }
                network.step(windows, windows.size() == run.windows, settings, step);
                if (printed.contains(step)) {
                    System.out.println(run.name + " " + step + " " + fingerprint(network));
                }
            }
        }
    }

    private static String fingerprint(BpttNetwork network) {
        NetworkState state = network.state();
        Map<String, Tensor> tensors = new TreeMap<>(state.parameters());
        tensors.putAll(state.optimizer());
        for (int i = 0; i < state.carried().size(); i++) {
            tensors.put("state." + i, state.carried().get(i));
        }
        tensors.put("losses", state.stepLosses());
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            tensors.forEach((name, tensor) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensor.values().length)
                        .order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(tensor.values());
                digest.update(bytes.array());
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}

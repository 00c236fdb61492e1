package io.inkstream.languagemodel.bptt;

import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.ForwardPass;
import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.ToIntFunction;

/**
 * A network that computes each step in Java.
 *
 * <p>A step has three parts, in each of which threads share the work without waiting for each other: blocks of lanes go
 * through the window and back; panels of each parameter's gradient are summed over all rows; and, when the norm is known,
 * the same panels are updated. An element of a gradient is one chain of sums in the order of the rows, so neither the size
 * of the blocks nor the number of threads is part of the result.
 */
final class BpttNetwork implements TrainedNetwork {

    /** Units of a parameter that are computed together: their activations fit a core's second cache. */
    private static final int MAX_UNITS = 4;

    private final Engine engine;
    private final ModelShape shape;
    private final Layers layers;
    private final Workers workers;
    private final Share[] gradients;
    private final Share[] updates;
    private final float[] squares;
    /** For each unit, how many pieces of its gradient are missing. */
    private final AtomicIntegerArray missing;

    private final StepLosses stepLosses;
    private final AllocationWatch allocations = new AllocationWatch();
    private double lossSum;
    private double gradientNorm = Double.NaN;
    private List<Tensor> initialState;
    private Optional<Activations> activations = Optional.empty();

    /**
     * A piece of a parameter that one thread computes.
     *
     * @param pieces into how many pieces each of its units is cut
     * @param at number of its first unit among the units of all parameters
     */
    private record Share(Parameter parameter, Piece piece, int pieces, int at) {}

    /**
     * A network in this state.
     *
     * @param engine of which it is
     * @param rule the update rule
     * @param threads how many share the work
     */
    BpttNetwork(Engine engine, NetworkState state, OptimizerRule rule, int threads) {
        this.engine = engine;
        this.shape = state.shape();
        this.layers = new Layers(shape, state.parameters(), state.optimizer(), Optional.of(rule));
        int units = layers.parameters().stream().mapToInt(Parameter::units).sum();
        this.squares = new float[units];
        this.missing = new AtomicIntegerArray(units);
        this.updates = shares(threads, parameter -> 1);
        this.gradients = shares(threads, parameter -> pieces(parameter, threads));
        for (Share share : gradients) {
            for (int unit = 0; unit < share.piece.units(); unit++) {
                missing.set(share.at + unit, share.pieces);
            }
        }
        this.initialState = state.carried();
        this.lossSum = state.lossSum();
        this.stepLosses = new StepLosses(state.stepLosses());
        this.workers = new Workers("training", threads);
    }

    /** All units, cut so that each thread's range has about as much of every parameter. */
    private Share[] shares(int threads, ToIntFunction<Parameter> pieces) {
        List<List<Share>> byThread = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            byThread.add(new ArrayList<>());
        }
        int at = 0;
        for (Parameter parameter : layers.parameters()) {
            int units = parameter.units();
            int together = Math.min(MAX_UNITS, (units + threads - 1) / threads);
            int count = pieces.applyAsInt(parameter);
            int number = 0;
            for (int from = 0; from < units; from += together) {
                int to = Math.min(units, from + together);
                for (int i = 0; i < count; i++) {
                    Piece piece =
                            new Piece(from, to, parameter.parts() * i / count, parameter.parts() * (i + 1) / count);
                    byThread.get(number++ % threads).add(new Share(parameter, piece, count, at + from));
                }
            }
            at += units;
        }
        return byThread.stream().flatMap(List::stream).toArray(Share[]::new);
    }

    /** Into how many pieces the gradient of a unit is cut, so that threads have as much to do as each other: a few units are not even. */
    private static int pieces(Parameter parameter, int threads) {
        int units = parameter.units();
        if (units >= MAX_UNITS * threads) {
            return 1;
        }
        int even = 1;
        while (units * even % threads != 0) {
            even++;
        }
        return Math.min(even, parameter.parts());
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public ModelShape shape() {
        return shape;
    }

    @Override
    public void step(List<Minibatch> windows, boolean moveOn, OptimizerSettings settings, long step) {
        Activations current = activationsFor(windows);
        int windowSteps = windows.get(0).window();
        if (windows.get(0).freshState()) {
            current.clearState();
        }
        for (int i = 0; i < windows.size(); i++) {
            current.readTokens(
                    i * windowSteps, windows.get(i).inputs(), windows.get(i).targets());
        }
        computeGradients(current);
        double norm = gradientNorm;
        Update update = Update.of(settings, step, norm);
        workers.compute(updates.length, (kernels, number) -> {
            Share share = updates[number];
            for (int unit = share.piece.from(); unit < share.piece.to(); unit++) {
                share.parameter.update(kernels, unit, update);
            }
        });
        double loss = current.loss();
        lossSum += loss;
        stepLosses.add((float) (loss / windows.get(windows.size() - 1).tokens()));
        if (moveOn) {
            current.carryState(windowSteps);
        }
        allocations.stepped();
    }

    /** Takes the blocks through the windows and back, then sums the gradients. */
    void computeGradients(Activations current) {
        workers.compute(current.blocks().size(), (kernels, block) -> {
            Block lanes = current.blocks().get(block);
            layers.forward(kernels, current, lanes);
            layers.computeLogits(kernels, current, lanes);
            CrossEntropy.forwardAndBackward(kernels, current, lanes);
            layers.backward(kernels, current, lanes);
        });
        workers.compute(gradients.length, (kernels, number) -> {
            Share share = gradients[number];
            share.parameter.computeGradient(kernels, share.piece, current);
            for (int i = 0; i < share.piece.units(); i++) {
                if (missing.decrementAndGet(share.at + i) == 0) {
                    missing.set(share.at + i, share.pieces); // for the next step
                    squares[share.at + i] = share.parameter.sumOfSquares(kernels, share.piece.from() + i);
                }
            }
        });
        double sum = 0;
        for (float square : squares) {
            sum += square;
        }
        gradientNorm = StrictMath.sqrt(sum);
    }

    @Override
    public ForwardPass forwardPass(int lanes) {
        return new BpttForwardPass(this, lanes);
    }

    /** Computes the cross-entropy of a window, from the state before it. */
    void computeLoss(Activations current) {
        workers.compute(current.blocks().size(), (kernels, block) -> {
            Block lanes = current.blocks().get(block);
            layers.forward(kernels, current, lanes);
            layers.computeLogits(kernels, current, lanes);
            CrossEntropy.forward(kernels, current, lanes);
        });
    }

    /** Activations of this network for minibatches of this size. */
    Activations activations(int lanes, int timeSteps, int window) {
        return new Activations(shape, lanes, timeSteps, window, workers.count());
    }

    @Override
    public double lossSum() {
        return lossSum;
    }

    @Override
    public Tensor stepLosses() {
        return stepLosses.read();
    }

    @Override
    public void resetLoss() {
        stepLosses.clear();
        lossSum = 0;
    }

    @Override
    public double gradientNorm() {
        return gradientNorm;
    }

    /** The gradients of the last step, by name. */
    Map<String, Tensor> gradients() {
        return layers.gradients();
    }

    @Override
    public NetworkState state() {
        Map<String, Tensor> values = new LinkedHashMap<>();
        Map<String, Tensor> optimizer = new LinkedHashMap<>();
        layers.save(values, optimizer);
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        shape.parameterShapes().keySet().forEach(name -> ordered.put(name, values.get(name)));
        return new NetworkState(
                shape,
                ordered,
                optimizer,
                activations.map(Activations::state).orElse(initialState),
                lossSum,
                stepLosses());
    }

    @Override
    public void close() {
        workers.close();
    }

    /** The activations of minibatches of this size, with the state that is carried. */
    private Activations activationsFor(List<Minibatch> windows) {
        Minibatch first = windows.get(0);
        int steps = Math.multiplyExact(first.window(), windows.size());
        if (activations.isPresent()
                && activations.get().lanes() == first.lanes()
                && activations.get().timeSteps() == steps
                && activations.get().window() == first.window()) {
            return activations.get();
        }
        List<Tensor> carried = activations.map(Activations::state).orElse(initialState);
        Activations created = activations(first.lanes(), steps, first.window());
        if (!first.freshState() && !carried.isEmpty()) {
            created.readState(carried);
        }
        activations = Optional.of(created);
        initialState = List.of();
        return created;
    }
}

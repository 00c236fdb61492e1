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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A network that computes each step in Java.
 *
 * <p>A step has three parts, in each of which threads share the work without waiting for each other: blocks of lanes go
 * through the window and back; pieces of each parameter's gradient are summed over all rows; and, when the norm is known,
 * the parameters are updated. An element of a gradient is one chain of sums in the order of the rows, so neither the size
 * of the blocks, nor that of the pieces, nor the number of threads is part of the result.
 */
final class BpttNetwork implements TrainedNetwork {

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
        this.updates = Share.inUnits(layers.parameters(), threads);
        this.gradients = Share.inPieces(layers.parameters(), threads);
        for (Share share : gradients) {
            for (int i = 0; i < share.piece().units(); i++) {
                missing.set(share.at() + i, share.pieces());
            }
        }
        this.initialState = state.carried();
        this.lossSum = state.lossSum();
        this.stepLosses = new StepLosses(state.stepLosses());
        this.workers = new Workers("training", threads);
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
            for (int unit = share.piece().from(); unit < share.piece().to(); unit++) {
                share.parameter().update(kernels, unit, update);
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
            share.parameter().computeGradient(kernels, share.piece(), current);
            for (int i = 0; i < share.piece().units(); i++) {
                int unit = share.at() + i;
                if (missing.decrementAndGet(unit) == 0) {
                    missing.set(unit, share.pieces()); // for the next step
                    squares[unit] = share.parameter()
                            .sumOfSquares(kernels, share.piece().from() + i);
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

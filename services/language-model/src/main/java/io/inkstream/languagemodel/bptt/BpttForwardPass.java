package io.inkstream.languagemodel.bptt;

import io.inkstream.languagemodel.engine.ForwardPass;
import java.util.Optional;

/** A forward pass of a {@link BpttNetwork}. */
final class BpttForwardPass implements ForwardPass {

    private final BpttNetwork network;
    private final int lanes;
    private Optional<Activations> activations = Optional.empty();

    BpttForwardPass(BpttNetwork network, int lanes) {
        this.network = network;
        this.lanes = lanes;
    }

    @Override
    public double crossEntropy(long[] inputs, long[] targets) {
        int steps = inputs.length / lanes;
        Activations current = activationsFor(steps);
        current.readTokens(0, inputs, targets);
        network.computeLoss(current);
        current.carryState(steps);
        return current.loss();
    }

    @Override
    public void close() {
        activations = Optional.empty();
    }

    /** The activations of a window of this many steps, with the state before it. */
    private Activations activationsFor(int steps) {
        if (activations.isPresent() && activations.get().timeSteps() == steps) {
            return activations.get();
        }
        Activations created = network.activations(lanes, steps, steps);
        activations.ifPresent(before -> created.readState(before.state()));
        activations = Optional.of(created);
        return created;
    }
}

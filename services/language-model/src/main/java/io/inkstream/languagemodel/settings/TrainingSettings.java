package io.inkstream.languagemodel.settings;

import static io.inkstream.languagemodel.settings.Requirement.require;

import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Output;

/**
 * The network of a corpus and how it is trained.
 *
 * @param network the network
 * @param sampling which tokens it sees, and in which order
 * @param optimizer how its parameters are updated
 * @param epochs epochs to train after the last new text, at least 0; ignored with online sampling, which trains
 *     on each token once
 * @param seed of the initial weights and of the sampling
 */
public record TrainingSettings(
        NetworkSettings network, SamplingSettings sampling, OptimizerSettings optimizer, int epochs, long seed) {

    public TrainingSettings {
        require(epochs >= 0, "epochs must be 0 or above, not " + epochs);
        require(
                network.output() == Output.LINEAR || (sampling.minFrequency() == 1 && sampling.validation() == 0),
                "a network whose hidden state is the logits cannot predict <unk>, as which rare and held-out tokens may be read: leave min-frequency at 1 and validation at 0");
    }

    /** The network for a vocabulary of this size. */
    public ModelShape shape(int vocabulary) {
        return network.shape(vocabulary);
    }

    /**
     * True when a network trained with these settings can continue with the others: the network, the seed and the update
     * rule, whose state belongs to the weights, are the same.
     */
    public boolean canContinueWith(TrainingSettings other) {
        return network.equals(other.network) && optimizer.rule() == other.optimizer.rule() && seed == other.seed;
    }
}

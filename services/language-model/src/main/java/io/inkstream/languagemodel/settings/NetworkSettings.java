package io.inkstream.languagemodel.settings;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Output;

/**
 * The network of a corpus.
 *
 * @param cell the recurrent cell
 * @param hidden hidden units of each layer, at least 1
 * @param layers recurrent layers, at least 1
 * @param embedding size of the learned embedding; 0: one-hot input
 * @param output where the logits come from
 * @param initialization the distribution of the initial weights
 */
public record NetworkSettings(
        Cell cell, int hidden, int layers, int embedding, Output output, Initialization initialization) {

    /** Maximum number of weights of the recurrent layers, 4 GB: more is a mistake in the configuration. */
    public static final long MAX_WEIGHTS = 1L << 30;

    public NetworkSettings {
        Requirement.require(hidden >= 1, "hidden must be at least 1, not " + hidden);
        Requirement.require(layers >= 1, "layers must be at least 1, not " + layers);
        Requirement.require(embedding >= 0, "embedding must be 0 (one-hot) or above, not " + embedding);
        double weights = weights(cell, hidden, layers, embedding);
        Requirement.require(
                weights <= MAX_WEIGHTS,
                "the network may have at most %d weights; with %d hidden units, %d layers and embedding %d it has %.0f"
                        .formatted(MAX_WEIGHTS, hidden, layers, embedding, weights));
    }

    /** Weights of the recurrent layers; as double, because the product of ints can exceed a long. */
    private static double weights(Cell cell, double hidden, double layers, double embedding) {
        return cell.gates() * hidden * (Math.max(1, embedding) + hidden + (layers - 1) * 2 * hidden);
    }

    /** One layer on one-hot input, with a linear layer on top and PyTorch's initial weights. */
    public static NetworkSettings of(Cell cell, int hidden) {
        return new NetworkSettings(cell, hidden, 1, 0, Output.LINEAR, Initialization.PYTORCH);
    }

    /** The same with this number of layers, on a learned embedding of this size (0: on one-hot input). */
    public NetworkSettings with(int newLayers, int newEmbedding) {
        return new NetworkSettings(cell, hidden, newLayers, newEmbedding, output, initialization);
    }

    /** The same with other initial weights. */
    public NetworkSettings with(Initialization newInitialization) {
        return new NetworkSettings(cell, hidden, layers, embedding, output, newInitialization);
    }

    /** The same with another output. */
    public NetworkSettings with(Output newOutput) {
        return new NetworkSettings(cell, hidden, layers, embedding, newOutput, initialization);
    }

    /**
     * The network for a vocabulary of this size.
     *
     * @throws IllegalArgumentException if the hidden state is the logits and has another size
     */
    public ModelShape shape(int vocabulary) {
        return new ModelShape(cell, layers, hidden, embedding, vocabulary, output);
    }
}

package io.inkstream.languagemodel.settings;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.sampling.Sampler;

/**
 * The network of a corpus and how it is trained.
 *
 * @param cell the recurrent cell
 * @param hidden hidden units of each layer, at least 1
 * @param layers recurrent layers, at least 1
 * @param embedding size of the learned embedding; 0: one-hot input
 * @param batch lanes B of a minibatch, at least 1
 * @param window time steps T of a minibatch, at least 1
 * @param epochs epochs to train after the last new text, at least 0
 * @param maxTokens only the first so many tokens are used; 0: all
 * @param minFrequency tokens that occur less often when an epoch begins read as {@code <unk>}; at least 1
 * @param sampling how minibatches are cut
 * @param optimizer the update rule
 * @param learningRate step size, above 0
 * @param clip upper bound of the gradient's global L2 norm; 0: none
 * @param seed of the first weights and of the sampling
 */
public record TrainingSettings(
        Cell cell,
        int hidden,
        int layers,
        int embedding,
        int batch,
        int window,
        int epochs,
        long maxTokens,
        int minFrequency,
        Sampler.Method sampling,
        OptimizerRule optimizer,
        double learningRate,
        double clip,
        long seed) {

    public TrainingSettings {
        require(hidden >= 1, "hidden must be at least 1, not " + hidden);
        require(layers >= 1, "layers must be at least 1, not " + layers);
        require(embedding >= 0, "embedding must be 0 (one-hot) or above, not " + embedding);
        require(batch >= 1, "batch must be at least 1, not " + batch);
        require(window >= 1, "window must be at least 1, not " + window);
        require(epochs >= 0, "epochs must be 0 or above, not " + epochs);
        require(minFrequency >= 1, "min-frequency must be at least 1, not " + minFrequency);
        require(
                learningRate > 0 && Double.isFinite(learningRate),
                "learning-rate must be above 0, not " + learningRate);
        require(clip >= 0 && Double.isFinite(clip), "clip must be 0 (none) or above, not " + clip);
        long fewest = Sampler.fewestTokens(batch, window);
        require(
                maxTokens == 0 || maxTokens >= fewest,
                "max-tokens must be 0 (all) or at least %d for batch %d and window %d, not %d"
                        .formatted(fewest, batch, window, maxTokens));
    }

    /** The network for a vocabulary of this size. */
    public ModelShape shape(int vocabulary) {
        return new ModelShape(cell, layers, hidden, embedding, vocabulary);
    }

    /**
     * True when a network trained with these settings can go on with the others: the shape, the seed and the optimizer,
     * whose state belongs to the weights, are the same.
     */
    public boolean canGoOnWith(TrainingSettings other) {
        return cell == other.cell
                && hidden == other.hidden
                && layers == other.layers
                && embedding == other.embedding
                && optimizer == other.optimizer
                && seed == other.seed;
    }

    /** How many of the known tokens an epoch that begins now covers. */
    public long usable(long knownTokens) {
        return maxTokens == 0 ? knownTokens : Math.min(maxTokens, knownTokens);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

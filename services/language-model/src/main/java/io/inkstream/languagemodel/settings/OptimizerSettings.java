package io.inkstream.languagemodel.settings;

import static io.inkstream.languagemodel.settings.Requirement.require;

/**
 * How parameters are updated.
 *
 * @param rule the update rule
 * @param learningRate step size, above 0
 * @param clip upper bound of the gradient's global L2 norm; 0: none
 */
public record OptimizerSettings(OptimizerRule rule, double learningRate, double clip) {

    public OptimizerSettings {
        require(
                learningRate > 0 && Double.isFinite(learningRate),
                "learning-rate must be above 0, not " + learningRate);
        require(clip >= 0 && Double.isFinite(clip), "clip must be 0 (none) or above, not " + clip);
    }
}

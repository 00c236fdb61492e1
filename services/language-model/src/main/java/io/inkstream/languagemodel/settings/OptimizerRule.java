package io.inkstream.languagemodel.settings;

/** The update rules. */
public enum OptimizerRule {
    /** Stochastic gradient descent without momentum. */
    SGD,
    /** Adam (Kingma and Ba 2015) with beta 0.9 and 0.999 and epsilon 1e-8. */
    ADAM
}

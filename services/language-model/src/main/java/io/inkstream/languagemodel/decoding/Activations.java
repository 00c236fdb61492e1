package io.inkstream.languagemodel.decoding;

/**
 * The functions of the gates. They use {@link StrictMath#exp}, whose result is specified to the bit, whereas {@link Math}
 * may use whatever the processor offers: so every JVM computes the same text.
 */
final class Activations {

    private Activations() {}

    /** 1 / (1 + exp(-x)), computed in double and rounded once. */
    static float sigmoid(float x) {
        return (float) (1 / (1 + StrictMath.exp(-(double) x)));
    }

    /**
     * tanh(x) = (1 - exp(-2|x|)) / (1 + exp(-2|x|)) with the sign of x, computed in double and rounded once. Half the
     * cost of {@link StrictMath#tanh}, and as exact in single precision.
     */
    static float tanh(float x) {
        double magnitude = Math.abs((double) x);
        if (magnitude < 1e-5) {
            return x; // the next term, x³/3, is below half a unit in the last place; the difference below would cancel
        }
        double e = StrictMath.exp(-2 * magnitude);
        double tanh = (1 - e) / (1 + e);
        return (float) (x < 0 ? -tanh : tanh);
    }

    /** max(x, 0); NaN stays NaN. */
    static float relu(float x) {
        return Math.max(x, 0);
    }
}

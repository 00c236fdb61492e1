package io.inkstream.kernels;

/**
 * The coefficients of one step of Adam (Kingma and Ba 2015), where torch.optim.Adam has them: m ← m + (g - m)(1 - β₁) written
 * as β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², p ← p - rate m / (√v / root + ε).
 *
 * @param gradientScale factor of the gradient, which clips it
 * @param rate learning rate over 1 - β₁ᵗ
 * @param root √(1 - β₂ᵗ)
 */
public record AdamStep(float gradientScale, float rate, float root) {

    static final float BETA1 = 0.9f;
    static final float BETA2 = 0.999f;
    static final float ONE_MINUS_BETA1 = 0.1f;
    static final float ONE_MINUS_BETA2 = 0.001f;
    static final float EPSILON = 1e-8f;

    /**
     * The coefficients of a step.
     *
     * @param step its number, from 1
     */
    public static AdamStep of(double gradientScale, double learningRate, long step) {
        double correction1 = 1 - StrictMath.pow(0.9, (double) step);
        double correction2 = 1 - StrictMath.pow(0.999, (double) step);
        return new AdamStep(
                (float) gradientScale, (float) (learningRate / correction1), (float) StrictMath.sqrt(correction2));
    }
}

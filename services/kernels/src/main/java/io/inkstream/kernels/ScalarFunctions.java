package io.inkstream.kernels;

/** The functions of the gates and of the softmax, of one number. */
final class ScalarFunctions {

    private ScalarFunctions() {}

    static float tanh(float x) {
        float bounded = Math.min(Math.max(x, -Coefficients.TANH_LIMIT), Coefficients.TANH_LIMIT);
        float square = bounded * bounded;
        float p = fma(square, Coefficients.P13, Coefficients.P11);
        p = fma(square, p, Coefficients.P9);
        p = fma(square, p, Coefficients.P7);
        p = fma(square, p, Coefficients.P5);
        p = fma(square, p, Coefficients.P3);
        p = fma(square, p, Coefficients.P1);
        float q = fma(square, Coefficients.Q6, Coefficients.Q4);
        q = fma(square, q, Coefficients.Q2);
        q = fma(square, q, Coefficients.Q0);
        return bounded * p / q;
    }

    static float sigmoid(float x) {
        return fma(tanh(0.5f * x), 0.5f, 0.5f);
    }

    /** exp(x) for x of at most 0. */
    static float exp(float x) {
        float bounded = Math.max(x, Coefficients.EXP_LIMIT);
        float shifted = fma(bounded, Coefficients.LOG2_E, Coefficients.ROUNDER);
        float n = shifted - Coefficients.ROUNDER;
        float r = fma(n, -Coefficients.LN2_LOW, fma(n, -Coefficients.LN2_HIGH, bounded));
        float e = fma(r, Coefficients.E5, Coefficients.E4);
        e = fma(r, e, Coefficients.E3);
        e = fma(r, e, Coefficients.E2);
        e = fma(r, e, Coefficients.E1);
        e = fma(r, e, Coefficients.E0);
        float powerOfTwo = Float.intBitsToFloat(
                (Float.floatToRawIntBits(shifted) << Coefficients.MANTISSA_BITS) + Coefficients.ONE_BITS);
        float exp = fma(r * r, e, r + 1f) * powerOfTwo;
        return x >= Coefficients.EXP_LIMIT ? exp : 0;
    }

    private static float fma(float x, float y, float a) {
        return FusedMultiplyAdd.of(x, y, a);
    }
}

package io.inkstream.kernels;

/** The coefficients of the functions. */
final class Coefficients {

    // tanh(x) ≈ x P(x²) / Q(x²): the rational approximation of Eigen (Eigen/src/Core/MathFunctionsImpl.h).

    /** From here on it is constant: 1, less 2.4e-7. */
    static final float TANH_LIMIT = 7.90531110763549805f;

    static final float P13 = -2.76076847742355e-16f;
    static final float P11 = 2.00018790482477e-13f;
    static final float P9 = -8.60467152213735e-11f;
    static final float P7 = 5.12229709037114e-08f;
    static final float P5 = 1.48572235717979e-05f;
    static final float P3 = 6.37261928875436e-04f;
    static final float P1 = 4.89352455891786e-03f;

    static final float Q6 = 1.19825839466702e-06f;
    static final float Q4 = 1.18534705686654e-04f;
    static final float Q2 = 2.26843463243900e-03f;
    static final float Q0 = 4.89352518554385e-03f;

    // exp(x) = 2ⁿ exp(r) with r = x - n ln 2, and exp(r) ≈ 1 + r + r² E(r): the polynomial of Cephes (single/expf.c).

    /** Below, exp is 0 here: the result would be smaller than 1.7e-38. */
    static final float EXP_LIMIT = -87f;

    static final float LOG2_E = 1.44269504088896341f;
    /** ln 2 in two parts; the first has few bits, so that its product with n is exact. */
    static final float LN2_HIGH = 0.693359375f;

    static final float LN2_LOW = -2.12194440e-4f; // ln 2 = LN2_HIGH + LN2_LOW
    /** 1.5 · 2²³: adding it leaves an integer in the low bits of a float. */
    static final float ROUNDER = 12582912f;
    /** The bits of 1. */
    static final int ONE_BITS = 0x3f800000;
    /** Bits of the mantissa of a float. */
    static final int MANTISSA_BITS = 23;

    static final float E5 = 1.9875691500E-4f;
    static final float E4 = 1.3981999507E-3f;
    static final float E3 = 8.3334519073E-3f;
    static final float E2 = 4.1665795894E-2f;
    static final float E1 = 1.6666665459E-1f;
    static final float E0 = 5.0000001201E-1f;

    private Coefficients() {}
}

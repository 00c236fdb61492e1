package io.inkstream.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The errors that the documentation of {@link Kernels} names, over all exponents. */
class FunctionsTest {

    /** From one argument to the next, in units in the last place: about a million arguments of each sign. */
    private static final int STRIDE = 2039;

    /** Below, products with the coefficients have fewer bits. */
    private static final float SMALLEST = 1e-34f;

    private interface FloatFunction {

        float of(float x);
    }

    private static double largestError(
            FloatFunction function, DoubleUnaryOperator exact, float from, float to, boolean relative) {
        double largest = 0;
        for (long bits = Float.floatToRawIntBits(SMALLEST);
                bits <= Float.floatToRawIntBits(Float.MAX_VALUE);
                bits += STRIDE) {
            for (float x : new float[] {Float.intBitsToFloat((int) bits), -Float.intBitsToFloat((int) bits)}) {
                if (x >= from && x <= to) {
                    double value = exact.applyAsDouble(x);
                    double error = Math.abs(function.of(x) - value);
                    largest = Math.max(largest, relative ? error / Math.abs(value) : error);
                }
            }
        }
        return largest;
    }

    @Test
    void tanhIsAccurate() {
        assertThat(largestError(ScalarFunctions::tanh, Math::tanh, -Float.MAX_VALUE, Float.MAX_VALUE, true))
                .isLessThan(3e-7);
        assertThat(ScalarFunctions.tanh(Float.NaN)).isNaN();
    }

    @Test
    void tanhIsNeverAboveOne() {
        for (float x = 0; x < 9; x += 1e-5f) {
            assertThat(ScalarFunctions.tanh(x)).isBetween(0f, 1f);
        }
    }

    @Test
    void sigmoidIsAccurate() {
        assertThat(largestError(
                        ScalarFunctions::sigmoid,
                        x -> 1 / (1 + Math.exp(-x)),
                        -Float.MAX_VALUE,
                        Float.MAX_VALUE,
                        false))
                .isLessThan(1.5e-7);
        assertThat(ScalarFunctions.sigmoid(Float.NaN)).isNaN();
    }

    @Test
    void expIsAccurateForNegativeArguments() {
        assertThat(largestError(ScalarFunctions::exp, Math::exp, -87, 0, true)).isLessThan(2e-7);
        assertThat(ScalarFunctions.exp(0)).isEqualTo(1);
        assertThat(ScalarFunctions.exp(-87.1f)).isZero();
        assertThat(ScalarFunctions.exp(Float.NEGATIVE_INFINITY)).isZero();
    }
}

package io.inkstream.kernels;

/**
 * x y + a, rounded once. {@link Math#fma} is one instruction where the processor and the JVM have it; elsewhere it uses
 * BigDecimal, a thousand times slower than the arithmetic here.
 */
final class FusedMultiplyAdd {

    private static final boolean HARDWARE = Processor.hasFusedMultiplyAdd();

    private FusedMultiplyAdd() {}

    static float of(float x, float y, float a) {
        return HARDWARE ? Math.fma(x, y, a) : inDoubles(x, y, a);
    }

    /**
     * The same from doubles. The product of two floats is exact in a double. The sum is rounded to odd (Boldo and
     * Melquiond 2008): where it is not exact, its last bit is set, so that rounding it again to a float is the same
     * as rounding the exact sum.
     */
    static float inDoubles(float x, float y, float a) {
        double product = (double) x * y;
        double sum = product + a;
        double addend = sum - product;
        double error = (product - (sum - addend)) + (a - addend); // Knuth's TwoSum: product + a = sum + error
        if (error != 0 && Double.isFinite(sum)) {
            long bits = Double.doubleToRawLongBits(sum);
            if ((bits & 1) == 0) {
                bits += (error > 0) == (sum > 0) ? 1 : -1;
                return (float) Double.longBitsToDouble(bits);
            }
        }
        return (float) sum;
    }
}

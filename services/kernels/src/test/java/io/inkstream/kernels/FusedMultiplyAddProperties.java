package io.inkstream.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class FusedMultiplyAddProperties {

    @Property(tries = 20_000)
    void roundsOnce(@ForAll int x, @ForAll int y, @ForAll int a) {
        // Given any bits, infinities and numbers too small for full precision included
        float[] floats = {Float.intBitsToFloat(x), Float.intBitsToFloat(y), Float.intBitsToFloat(a)};

        // Then
        assertRoundsOnce(floats[0], floats[1], floats[2]);
    }

    @Property(tries = 20_000)
    void roundsOnceWhereTermsNearlyCancel(@ForAll float x, @ForAll float y, @ForAll int difference) {
        // Given an addend whose bits are close to those of the product's opposite
        float addend = Float.intBitsToFloat(Float.floatToRawIntBits(-(x * y)) + difference % 4);

        // Then
        assertRoundsOnce(x, y, addend);
    }

    @Property(tries = 20_000)
    void roundsOnceBesideTheMiddleBetweenTwoFloats(@ForAll int x, @ForAll int y, @ForAll boolean negative) {
        // Given a sum that lies near the middle between two floats: half a unit in the last place, and a little
        float sum = 1 + Math.abs(x % (1 << 20)) * Math.ulp(1f);
        float half = Math.ulp(1f) / 2;
        float nearHalf = half * (1 + (y % 3) * Math.ulp(1f));
        float sign = negative ? -1 : 1;

        // Then
        assertRoundsOnce(sign * nearHalf, 1 - (y % 5) * Math.ulp(1f), sign * sum);
    }

    private static void assertRoundsOnce(float x, float y, float a) {
        assertThat(Float.valueOf(FusedMultiplyAdd.inDoubles(x, y, a))).isEqualTo(Float.valueOf(Math.fma(x, y, a)));
    }
}

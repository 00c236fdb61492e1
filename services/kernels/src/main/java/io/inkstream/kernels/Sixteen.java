package io.inkstream.kernels;

/**
 * Sums of sixteen lanes: element i belongs to lane i mod 16, each lane is one chain in ascending order, and then the lanes
 * are added in pairs. Sixteen is a multiple of the lanes of every vector register that is used, so wide and narrow registers
 * compute the same sum.
 */
final class Sixteen {

    static final int LANES = 16;

    private Sixteen() {}

    /** The sum of the lanes: pairs that are eight apart, then four, then two, then one. */
    static float sum(float[] x) {
        float even = ((x[0] + x[8]) + (x[4] + x[12])) + ((x[2] + x[10]) + (x[6] + x[14]));
        float odd = ((x[1] + x[9]) + (x[5] + x[13])) + ((x[3] + x[11]) + (x[7] + x[15]));
        return even + odd;
    }
}

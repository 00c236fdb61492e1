package io.inkstream.languagemodel.sampling;

import java.util.Random;

/**
 * Random generators that are a function of a seed and a purpose. Nothing random needs to be stored in a checkpoint: the
 * generator of any epoch or parameter can be created again. {@link Random} is used because its algorithm
 * is specified to the bit.
 */
public final class Seeds {

    private Seeds() {}

    /**
     * A generator for one purpose.
     *
     * @param seed the corpus's seed
     * @param purpose what is drawn, for instance {@code sampling} or a parameter's name
     * @param index for instance the epoch
     */
    public static Random random(long seed, String purpose, long index) {
        return new Random(mix(mix(mix(seed) + purpose.hashCode()) + index));
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

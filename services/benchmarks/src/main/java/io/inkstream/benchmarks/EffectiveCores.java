package io.inkstream.benchmarks;

import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * How many cores this machine has at the moment: what as many threads compute together as it has processors, by what one of them
 * computes alone. A host may run two processors of a virtual machine on the two threads of one core, for a second or for a
 * minute: the virtual machine is not told, and computes with one core's arithmetic units. It may also have less than a core to give.
 *
 * <p>The threads compute independent chains of fused multiply-adds, with which one thread fills the units of a core; scalar ones,
 * so that it does not depend on what the JVM makes of vectors.
 *
 * <pre>EffectiveCores</pre>
 */
public final class EffectiveCores {

    private static final long WARM_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final int ROUNDS = 5;
    private static final int CALL = 5_000;

    private EffectiveCores() {}

    /** Prints the number as one line of JSON. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        System.out.printf(Locale.ROOT, "{\"cores\":%.2f}%n", now());
    }

    /** The median of some rounds; takes a second. */
    static double now() throws InterruptedException, ExecutionException {
        int threads = Runtime.getRuntime().availableProcessors();
        double unused = callsPerNano(WARM_UP_NANOS);
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double alone = callsPerNano(ROUND_NANOS);
            rounds[round] = Rounds.together(Collections.nCopies(threads, () -> callsPerNano(ROUND_NANOS))) / alone;
        }
        return Rounds.median(rounds);
    }

    private static double callsPerNano(long nanos) {
        long began = System.nanoTime();
        long calls = 0;
        double sum = 0;
        while (System.nanoTime() - began < nanos) {
            sum += chains(CALL);
            calls++;
        }
        if (Double.isNaN(sum)) {
            throw new IllegalStateException("A chain of averages is not a number"); // so that the chains are computed
        }
        return (double) calls / (System.nanoTime() - began);
    }

    /** Ten chains: two units that take four cycles need eight. */
    private static double chains(int length) {
        double a = 0.1;
        double b = 0.2;
        double c = 0.3;
        double d = 0.4;
        double e = 0.5;
        double f = 0.6;
        double g = 0.7;
        double h = 0.8;
        double i = 0.9;
        double j = 1.0;
        for (int k = 0; k < length; k++) {
            a = Math.fma(a, 0.5, 0.5);
            b = Math.fma(b, 0.5, 0.5);
            c = Math.fma(c, 0.5, 0.5);
            d = Math.fma(d, 0.5, 0.5);
            e = Math.fma(e, 0.5, 0.5);
            f = Math.fma(f, 0.5, 0.5);
            g = Math.fma(g, 0.5, 0.5);
            h = Math.fma(h, 0.5, 0.5);
            i = Math.fma(i, 0.5, 0.5);
            j = Math.fma(j, 0.5, 0.5);
        }
        return a + b + c + d + e + f + g + h + i + j;
    }
}

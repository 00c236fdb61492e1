package io.inkstream.benchmarks;

import io.inkstream.kernels.Arena;
import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * The matrix product of the kernels by itself: 32 rows by 256 times 256 by 256, in the caches of a core. What training reaches is
 * a share of it.
 *
 * <pre>ProductPeak [threads]</pre>
 */
public final class ProductPeak {

    private static final int ROWS = 32;
    private static final int SIZE = 256;
    private static final int ROUNDS = 5;
    private static final int WARM_UP_ROUNDS = 5;
    private static final int CALLS = 4000;

    private ProductPeak() {}

    /** Prints the GFLOP/s of all threads together, the median of five rounds, as one line of JSON. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        List<Callable<Double>> products = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            products.add(new Product()::gigaflops);
        }
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            double unused = Rounds.together(products);
        }
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            rounds[round] = Rounds.together(products);
        }
        System.out.printf(Locale.ROOT, "{\"threads\":%d,\"gigaflops\":%.1f}%n", threads, Rounds.median(rounds));
    }

    /** One thread's product. */
    private static final class Product {

        private final Kernels kernels = Kernels.ofThisProcessor();
        private final Arena arena = new Arena();
        private final Matrix a = arena.matrix(ROWS, SIZE);
        private final Matrix b = arena.matrix(SIZE, SIZE);
        private final Matrix c = arena.matrix(ROWS, SIZE);

        double gigaflops() {
            float[] m = arena.array();
            long began = System.nanoTime();
            for (int call = 0; call < CALLS; call++) {
                for (int panel = 0; panel < c.panels(); panel++) {
                    kernels.multiplyAdd(ROWS, m, a.at(), a.panelSize(), a.panels(), m, b.panel(panel), c.panel(panel));
                }
            }
            return 2.0 * ROWS * SIZE * SIZE * CALLS / (System.nanoTime() - began);
        }
    }
}

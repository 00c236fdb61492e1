package io.inkstream.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Speeds that are measured several times. */
final class Rounds {

    private Rounds() {}

    /** The median; of an even number, the higher of the two in the middle. */
    static double median(double[] rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** The speeds of threads that run at the same time, added up: each has one of these. */
    static double together(List<Callable<Double>> speeds) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(speeds.size());
        try {
            List<Future<Double>> shares = new ArrayList<>();
            for (Callable<Double> speed : speeds) {
                shares.add(executor.submit(speed));
            }
            double sum = 0;
            for (Future<Double> share : shares) {
                sum += share.get();
            }
            return sum;
        } finally {
            executor.shutdownNow();
        }
    }
}

package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;
import java.util.Random;

/**
 * Random sampling: from a random offset in [0, T), the corpus is cut into windows of T tokens; they are shuffled, and
 * each minibatch takes the next B of them, with a zero hidden state.
 */
public final class RandomSampler implements Sampler {

    private final TokenSource corpus;
    private final int lanes;
    private final int window;
    private final int offset;
    private final int[] order;

    RandomSampler(TokenSource corpus, int lanes, int window, long seed, int epoch) {
        this.corpus = corpus;
        this.lanes = lanes;
        this.window = window;
        Random random = Seeds.random(seed, "sampling", epoch);
        this.offset = random.nextInt(window);
        this.order = shuffled(Math.toIntExact((corpus.size() - offset - 1) / window), random);
    }

    @Override
    public int minibatches() {
        return order.length / lanes;
    }

    @Override
    public Minibatch minibatch(int index) {
        long[] inputs = new long[window * lanes];
        long[] targets = new long[window * lanes];
        for (int lane = 0; lane < lanes; lane++) {
            long start = offset + (long) order[index * lanes + lane] * window;
            for (int time = 0; time < window; time++) {
                inputs[time * lanes + lane] = corpus.id(start + time);
                targets[time * lanes + lane] = corpus.id(start + time + 1);
            }
        }
        return new Minibatch(window, lanes, inputs, targets, true);
    }

    /** The numbers 0 to n - 1 in random order (Fisher and Yates). */
    private static int[] shuffled(int n, Random random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}

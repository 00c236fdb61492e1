package io.inkstream.languagemodel.sampling;

import io.inkstream.languagemodel.corpus.TokenSource;
import java.util.Random;

/**
 * Random sampling: from a random offset in [0, T), the corpus is cut into windows of T tokens; they are shuffled, and
 * each minibatch takes the next B of them, with a zero hidden state.
 */
public final class RandomSampler extends Sampler {

    private final int offset;
    private final int[] order;

    RandomSampler(TokenSource corpus, int lanes, int window, long seed, int epoch) {
        super(corpus, lanes, window);
        Random random = Seeds.random(seed, "sampling", epoch);
        this.offset = random.nextInt(window);
        this.order = shuffled(Math.toIntExact((corpus.size() - offset - 1) / window), random);
    }

    @Override
    public int minibatches() {
        return order.length / lanes;
    }

    @Override
    long start(int index, int lane) {
        return offset + (long) order[index * lanes + lane] * window;
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

package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.text.Vocabulary;
import java.util.Arrays;

/**
 * The choice of the next token from logits (V). {@link Vocabulary#UNKNOWN}, whose id is the lowest, is never chosen.
 * Every method is a function of its arguments.
 */
final class Sampling {

    private static final int FIRST = Vocabulary.UNKNOWN_ID + 1;

    private Sampling() {}

    /** True when the logits are finite. */
    static boolean possible(float[] logits) {
        for (int id = FIRST; id < logits.length; id++) {
            if (!Float.isFinite(logits[id])) {
                return false;
            }
        }
        return true;
    }

    /** The token with the highest logit; of several, the one with the lowest id. */
    static int mostProbable(float[] logits) {
        int best = FIRST;
        for (int id = FIRST + 1; id < logits.length; id++) {
            if (logits[id] > logits[best]) {
                best = id;
            }
        }
        return best;
    }

    /**
     * Draws from softmax(logits / temperature), computed in double. First only the {@code topK} most probable tokens
     * are kept, then the fewest of these, the most probable first, that have at least the share {@code topP} of the
     * remaining probability; of equally probable tokens those with the lower id are kept.
     *
     * @param options with a temperature above 0
     * @param uniform from 0 to below 1: where in the cumulated distribution the token lies
     */
    static int draw(float[] logits, DecodingOptions options, double uniform) {
        int[] ids = candidates(logits, options.topK(), options.topP() < 1);
        double highest = logits[mostProbable(logits)];
        double[] cumulated = new double[ids.length];
        double sum = 0;
        for (int i = 0; i < ids.length; i++) {
            sum += StrictMath.exp((logits[ids[i]] - highest) / options.temperature());
            cumulated[i] = sum;
        }
        int kept = ids.length;
        if (options.topP() < 1) {
            kept = 1 + firstAtLeast(cumulated, options.topP() * sum);
        }
        return ids[firstAbove(cumulated, kept, uniform * cumulated[kept - 1])];
    }

    /** The tokens to draw from: in order of id, or, where the most probable are needed, in that order. */
    private static int[] candidates(float[] logits, int topK, boolean ordered) {
        int count = logits.length - FIRST;
        boolean cut = topK > 0 && topK < count;
        int[] ids = new int[cut ? topK : count];
        if (!cut && !ordered) {
            Arrays.setAll(ids, i -> FIRST + i);
            return ids;
        }
        long[] order = new long[count];
        for (int i = 0; i < count; i++) {
            // Higher logits first, then lower ids: the bits are inverted so that an ascending sort gives that.
            order[i] = ((long) ~sortable(logits[FIRST + i]) << 32) | (FIRST + i);
        }
        Arrays.sort(order);
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) order[i];
        }
        return ids;
    }

    /** An int that sorts like the float; both zeros are equal. */
    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
    }

    private static int firstAtLeast(double[] cumulated, double value) {
        int i = 0;
        while (i < cumulated.length - 1 && cumulated[i] < value) {
            i++;
        }
        return i;
    }

    private static int firstAbove(double[] cumulated, int count, double value) {
        int i = 0;
        while (i < count - 1 && cumulated[i] <= value) {
            i++;
        }
        // Rounding may move the value to the end, where tokens of probability zero could be.
        while (i > 0 && cumulated[i] == cumulated[i - 1]) {
            i--;
        }
        return i;
    }
}

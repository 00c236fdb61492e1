package io.inkstream.languagemodel.bptt;

import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Arrays;

/** The losses of an epoch's first steps. */
final class StepLosses {

    private static final int INITIAL_CAPACITY = 256;

    private float[] values;
    private int size;

    StepLosses(Tensor before) {
        values = before.values().clone();
        size = values.length;
    }

    /** Adds the loss of a step, if there is room. */
    void add(float loss) {
        if (size == TrainedNetwork.MAX_STEP_LOSSES) {
            return;
        }
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.max(INITIAL_CAPACITY, 2 * size));
        }
        values[size++] = loss;
    }

    /** The losses so far. */
    Tensor read() {
        return new Tensor(new int[] {size}, Arrays.copyOf(values, size));
    }

    void clear() {
        size = 0;
    }
}

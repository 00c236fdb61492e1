package io.inkstream.languagemodel.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Arrays;

/**
 * The losses of an epoch's first steps. They stay on the device until some have gathered, so that no step waits for it.
 */
final class StepLosses {

    /** Of so many steps of an epoch the losses are kept: 256 KB. */
    static final int MOST = 65_536;

    private static final int GATHERED = 256;

    private final NDList onDevice = new NDList();
    private float[] values;
    private int size;

    StepLosses(Tensor before) {
        values = before.values().clone();
        size = values.length;
    }

    /** Whether the loss of the next step is to be kept. */
    boolean wanted() {
        return size + onDevice.size() < MOST;
    }

    /** Keeps a loss, a scalar that this then owns. */
    void add(NDArray loss) {
        onDevice.add(loss);
        if (onDevice.size() == GATHERED) {
            gather();
        }
    }

    /** Copies the losses to the heap; waits for the device. */
    Tensor read() {
        gather();
        return new Tensor(new int[] {size}, Arrays.copyOf(values, size));
    }

    void clear() {
        onDevice.close();
        onDevice.clear();
        size = 0;
    }

    private void gather() {
        if (onDevice.isEmpty()) {
            return;
        }
        float[] gathered;
        try (NDArray stacked = NDArrays.stack(onDevice)) {
            gathered = stacked.toFloatArray();
        }
        onDevice.close();
        onDevice.clear();
        if (size + gathered.length > values.length) {
            values = Arrays.copyOf(values, Math.max(2 * values.length, size + gathered.length));
        }
        System.arraycopy(gathered, 0, values, size, gathered.length);
        size += gathered.length;
    }
}

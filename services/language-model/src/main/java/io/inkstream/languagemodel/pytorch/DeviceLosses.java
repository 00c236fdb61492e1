package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.inkstream.languagemodel.engine.TrainedNetwork;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Arrays;

/**
 * The losses of an epoch's first steps. They are copied from the device in batches, so that no step waits for it.
 */
final class DeviceLosses {

    private static final int BATCH = 256;

    private final NDList onDevice = new NDList();
    private float[] values;
    private int size;

    DeviceLosses(Tensor before) {
        values = before.values().clone();
        size = values.length;
    }

    /** Whether there is room for the loss of the next step. */
    boolean hasRoom() {
        return size + onDevice.size() < TrainedNetwork.MAX_STEP_LOSSES;
    }

    /** Adds a loss, a scalar of which this takes ownership. */
    void add(NDArray loss) {
        onDevice.add(loss);
        if (onDevice.size() == BATCH) {
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

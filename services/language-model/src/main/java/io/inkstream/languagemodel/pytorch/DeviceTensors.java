package io.inkstream.languagemodel.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Arrays;

/** Copies tensors between the Java heap and a device. */
final class DeviceTensors {

    private DeviceTensors() {}

    /** Copies to the device of the manager, which will own the array. */
    static NDArray copy(NDManager owner, Tensor tensor) {
        return owner.create(
                tensor.values(),
                new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray()));
    }

    /** Copies to the heap; waits for the device. */
    static Tensor read(NDArray array) {
        int[] shape = Arrays.stream(array.getShape().getShape())
                .mapToInt(Math::toIntExact)
                .toArray();
        return new Tensor(shape, array.toFloatArray());
    }
}

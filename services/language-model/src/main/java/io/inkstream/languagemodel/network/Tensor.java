package io.inkstream.languagemodel.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A dense array of 32-bit floats in row-major order.
 *
 * @param shape length of each dimension; empty for a scalar
 * @param values the elements: as many as the product of the shape. Not copied: the caller must not change them
 */
@SuppressWarnings("ArrayRecordComponent") // equality is defined below; a copy of every weight would cost too much
public record Tensor(int[] shape, float[] values) {

    public Tensor {
        if (size(shape) != values.length) {
            throw new IllegalArgumentException(
                    "%d values do not match a tensor of shape %s".formatted(values.length, Arrays.toString(shape)));
        }
    }

    /** A tensor of zeros. */
    public static Tensor zeros(int... shape) {
        return new Tensor(shape, new float[Math.toIntExact(size(shape))]);
    }

    /** Number of elements of a shape. */
    public static long size(int[] shape) {
        long size = 1;
        for (int length : shape) {
            size *= length;
        }
        return size;
    }

    /** True when no element is infinite or not a number. */
    public boolean isFinite() {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** The elements, copied. */
    public List<Float> asList() {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor tensor
                && Arrays.equals(shape, tensor.shape)
                && Arrays.equals(values, tensor.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}

package io.inkstream.kernels;

import org.jspecify.annotations.Nullable;

/**
 * One array for many matrices and vectors: they are placed first, and the array is allocated when it is used. Their first
 * elements are at the start of a cache line where the array is (large arrays are, with the default garbage collector).
 */
public final class Arena {

    /** Elements of a cache line of 64 bytes. */
    private static final int LINE = 16;

    /** Elements of a cache line that an array's header leaves. */
    private static final int AFTER_HEADER = 12;

    private long end = AFTER_HEADER;
    private float @Nullable [] array;

    /** Places a matrix of zeros; its columns are padded to complete panels. */
    public Matrix matrix(int rows, int columns) {
        int padded = Matrix.padded(columns);
        return new Matrix(place((long) rows * padded), rows, padded);
    }

    /** Places a vector of zeros, padded to complete panels; returns the index of its first element. */
    public int vector(int size) {
        return place(Matrix.padded(size));
    }

    /** The array; from now on nothing can be placed. */
    public float[] array() {
        float[] allocated = array;
        if (allocated == null) {
            allocated = new float[Math.toIntExact(end)];
            array = allocated;
        }
        return allocated;
    }

    /**
     * Places this many elements.
     *
     * @throws IllegalArgumentException if an array cannot have as many
     */
    private int place(long elements) {
        if (array != null) {
            throw new IllegalStateException("The array is allocated already");
        }
        long at = end;
        end = (at + elements + LINE - 1 - AFTER_HEADER) / LINE * LINE + LINE + AFTER_HEADER;
        if (end > Integer.MAX_VALUE - LINE) {
            throw new IllegalArgumentException(
                    "the network is too large for the engine java, which keeps at most %d million numbers in one array: use the engine pytorch"
                            .formatted(Integer.MAX_VALUE / 1_000_000));
        }
        return (int) at;
    }
}

package io.inkstream.languagemodel.checkpoint;

import io.inkstream.languagemodel.network.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor to be written to a safetensors file; not copied before. */
sealed interface StoredTensor {

    /** The format's name of the elements' type. */
    String type();

    /** Length of each dimension. */
    int[] shape();

    /** Bytes of all elements. */
    long bytes();

    /** Writes the elements, little-endian. */
    void writeTo(OutputStream out) throws IOException;

    /** Floating-point numbers of 32 bits. */
    record Floats(Tensor tensor) implements StoredTensor {

        private static final int PIECE = 16 * 1024;

        @Override
        public String type() {
            return "F32";
        }

        @Override
        public int[] shape() {
            return tensor.shape();
        }

        @Override
        public long bytes() {
            return (long) Float.BYTES * tensor.values().length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            float[] values = tensor.values();
            ByteBuffer piece = ByteBuffer.allocate(Float.BYTES * Math.min(PIECE, values.length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < values.length; from += PIECE) {
                int length = Math.min(PIECE, values.length - from);
                piece.asFloatBuffer().put(values, from, length);
                out.write(piece.array(), 0, Float.BYTES * length);
            }
        }
    }

    /**
     * Integers of 64 bits.
     *
     * @param rows length of the first dimension
     * @param columns length of the second dimension; 0: there is none
     * @param values the elements, row by row
     */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Longs(int rows, int columns, long[] values) implements StoredTensor {

        private static final int PIECE = 8 * 1024;

        /** A one-dimensional tensor. */
        static Longs of(long[] values) {
            return new Longs(values.length, 0, values);
        }

        @Override
        public String type() {
            return "I64";
        }

        @Override
        public int[] shape() {
            return columns == 0 ? new int[] {rows} : new int[] {rows, columns};
        }

        @Override
        public long bytes() {
            return (long) Long.BYTES * values.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            ByteBuffer piece = ByteBuffer.allocate(Long.BYTES * Math.min(PIECE, values.length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < values.length; from += PIECE) {
                int length = Math.min(PIECE, values.length - from);
                piece.asLongBuffer().put(values, from, length);
                out.write(piece.array(), 0, Long.BYTES * length);
            }
        }
    }

    /** Bytes. */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Bytes(byte[] values) implements StoredTensor {

        @Override
        public String type() {
            return "U8";
        }

        @Override
        public int[] shape() {
            return new int[] {values.length};
        }

        @Override
        public long bytes() {
            return values.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(values);
        }
    }
}

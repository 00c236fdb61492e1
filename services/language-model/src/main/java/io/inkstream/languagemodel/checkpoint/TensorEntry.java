package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the header of a safetensors file says about one tensor.
 *
 * @param name its name
 * @param type the format's name of the elements' type
 * @param shape length of each dimension
 * @param begin offset of its first byte in the data section
 * @param end offset after its last byte
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record TensorEntry(String name, String type, int[] shape, long begin, long end) {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    /**
     * Parses an entry.
     *
     * @param dataBytes size of the data section
     * @throws IllegalArgumentException if the tensor lies outside the data section or has an impossible shape
     */
    static TensorEntry of(String name, JsonNode node, long dataBytes) {
        long begin = node.path("data_offsets").path(0).asLong(-1);
        long end = node.path("data_offsets").path(1).asLong(-1);
        if (begin < 0 || end < begin || end > dataBytes) {
            throw new IllegalArgumentException(
                    "Tensor %s does not lie inside the file: the file is truncated".formatted(name));
        }
        int[] shape = new int[node.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            long length = node.path("shape").path(i).asLong(-1);
            if (length < 0 || length > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "Tensor %s has an impossible shape: %s".formatted(name, node.path("shape")));
            }
            shape[i] = (int) length;
        }
        return new TensorEntry(name, node.path("dtype").asText(), shape, begin, end);
    }

    /**
     * Reads the elements.
     *
     * @param data positioned at the first byte; positioned after the last byte afterwards
     * @throws IllegalArgumentException if shape and size do not match
     */
    TensorElements read(InputStream data) throws IOException {
        Optional<FloatType> floatType = FloatType.named(type);
        if (floatType.isPresent()) {
            FloatType precision = floatType.get();
            float[] floats = new float[elements(precision.bytes())];
            buffered(data, (buffer, at) -> precision.read(buffer, floats, (int) (at / precision.bytes())));
            return new TensorElements.Floats(floats);
        }
        if (type.equals("I64")) {
            long[] longs = new long[elements(Long.BYTES)];
            buffered(data, (buffer, at) -> buffer.asLongBuffer()
                    .get(longs, (int) (at / Long.BYTES), buffer.remaining() / Long.BYTES));
            return new TensorElements.Longs(longs);
        }
        if (type.equals("U8")) {
            byte[] bytes = new byte[elements(1)];
            buffered(data, (buffer, at) -> buffer.get(bytes, (int) at, buffer.remaining()));
            return new TensorElements.Bytes(bytes);
        }
        data.skipNBytes(end - begin);
        return new TensorElements.Skipped();
    }

    /** Number of elements; multiplied step by step, so that the product cannot overflow. */
    private int elements(int bytes) {
        long elements = 1;
        for (int length : shape) {
            elements *= length;
            if (elements > end - begin) {
                break;
            }
        }
        if (elements * bytes != end - begin) {
            throw new IllegalArgumentException("Tensor %s has the shape %s, which does not match its %d bytes"
                    .formatted(name, Arrays.toString(shape), end - begin));
        }
        if (elements > MAX_ELEMENTS) {
            throw new IllegalArgumentException(
                    "Tensor %s has %d elements; the maximum is %d".formatted(name, elements, MAX_ELEMENTS));
        }
        return (int) elements;
    }

    private void buffered(InputStream data, Sink sink) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, end - begin)];
        for (long at = begin; at < end; ) {
            int length = (int) Math.min(buffer.length, end - at);
            if (data.readNBytes(buffer, 0, length) < length) {
                throw new EOFException("The file ends inside a tensor");
            }
            sink.accept(ByteBuffer.wrap(buffer, 0, length).order(ByteOrder.LITTLE_ENDIAN), at - begin);
            at += length;
        }
    }

    /** Receives the bytes of a tensor, buffer by buffer. */
    private interface Sink {

        /** The next bytes, and the offset of the first of them within the tensor. */
        void accept(ByteBuffer bytes, long at);
    }
}

package io.inkstream.languagemodel.checkpoint;

/** The elements of a tensor as they were read from a file. */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
sealed interface TensorElements {

    /** Floating-point numbers, converted to 32 bits where the file has another precision. */
    record Floats(float[] values) implements TensorElements {}

    /** Integers of 64 bits. */
    record Longs(long[] values) implements TensorElements {}

    /** Unsigned bytes. */
    record Bytes(byte[] values) implements TensorElements {}

    /** Elements of a type that is not supported; they were skipped. */
    record Skipped() implements TensorElements {}
}

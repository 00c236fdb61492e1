package io.inkstream.platform.registry;

import java.io.EOFException;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.PrimitivesArrays.IntArray;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.ResolvingDecoder;
import org.apache.avro.specific.SpecificDatumReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads records into a generated class, and arrays of ints into {@link IntArray} without making an object of each
 * element: a block of tokens has tens of thousands of them. Safe for use from many threads.
 *
 * @param <T> the generated class
 */
final class GeneratedRecordReader<T> extends SpecificDatumReader<T> {

    /** Whether bytes need no resolution: writer and reader differ at most in documentation and the like. */
    private final boolean sameEncoding;

    /** What the resolving decoder of this thread reads from. */
    private static final ThreadLocal<Decoder> SOURCE = new ThreadLocal<>();

    GeneratedRecordReader(Schema writer, Schema reader, GeneratedModel model) {
        super(writer, reader, model);
        sameEncoding = SchemaNormalization.toParsingForm(writer).equals(SchemaNormalization.toParsingForm(reader));
    }

    @Override
    public T read(@Nullable T reuse, Decoder in) throws IOException {
        SOURCE.set(in);
        try {
            return super.read(reuse, in);
        } finally {
            SOURCE.remove();
        }
    }

    @Override
    protected Object readArray(Object old, Schema expected, ResolvingDecoder in) throws IOException {
        Schema element = expected.getElementType();
        if (element.getType() != Schema.Type.INT || element.getLogicalType() != null) {
            return super.readArray(old, expected, in);
        }
        // The resolving decoder checks every element against the schema; where the encoding is the same there is
        // nothing to resolve, and it does not mind elements that it did not see.
        Decoder elements = sameEncoding ? SOURCE.get() : in;
        long count = in.readArrayStart();
        IntArray array = new IntArray(capacity(count, in), expected);
        while (count > 0) {
            capacity(count, in);
            for (long i = 0; i < count; i++) {
                array.add(array.size(), elements.readInt());
            }
            count = in.arrayNext();
        }
        return array;
    }

    /** An int takes at least one byte: a count beyond the remaining bytes is wrong, and no memory is allocated for it. */
    private static int capacity(long count, Decoder in) throws EOFException {
        int left = in.remainingBytes();
        if (left >= 0 && count > left) {
            throw new EOFException("an array claims %d elements where %d bytes are left".formatted(count, left));
        }
        return left >= 0 ? (int) count : 0;
    }
}

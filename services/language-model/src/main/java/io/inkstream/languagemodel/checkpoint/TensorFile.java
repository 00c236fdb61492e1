package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.languagemodel.network.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file that is ready to be written: its header is complete, its tensors are not copied. It can be written
 * more than once, and without being held in memory as a whole. The same content always gives the same bytes.
 */
public final class TensorFile {

    private static final int ALIGNMENT = 8;

    private final byte[] header;
    private final Collection<StoredTensor> tensors;
    private final long bytes;

    private TensorFile(byte[] header, Collection<StoredTensor> tensors) {
        this.header = header;
        this.tensors = tensors;
        this.bytes = Long.BYTES
                + header.length
                + tensors.stream().mapToLong(StoredTensor::bytes).sum();
    }

    /**
     * A file of 32-bit floats.
     *
     * @param tensors by name, in the order in which they are written; not copied
     * @param metadata strings by name
     * @throws IllegalArgumentException if they do not fit into a header that can be read again
     */
    public static TensorFile of(Map<String, Tensor> tensors, Map<String, String> metadata) {
        Map<String, StoredTensor> floats = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> floats.put(name, new StoredTensor.Floats(tensor)));
        return ofStored(floats, metadata);
    }

    /** A file of tensors of any type; as {@link #of}. */
    static TensorFile ofStored(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
        ObjectNode header = Safetensors.JSON.createObjectNode();
        ObjectNode strings = header.putObject(Safetensors.METADATA);
        metadata.forEach(strings::put);
        long offset = 0;
        for (Map.Entry<String, StoredTensor> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey())
                    .put("dtype", tensor.getValue().type());
            var shape = entry.putArray("shape");
            for (int length : tensor.getValue().shape()) {
                shape.add(length);
            }
            long end = offset + tensor.getValue().bytes();
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        return new TensorFile(padded(header), List.copyOf(tensors.values()));
    }

    /** Size of the file. */
    public long bytes() {
        return bytes;
    }

    /**
     * Writes the file.
     *
     * @throws IOException if the stream throws it
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.write(header);
        for (StoredTensor tensor : tensors) {
            tensor.writeTo(out);
        }
    }

    /**
     * The file as one array.
     *
     * @throws IllegalArgumentException if it is larger than an array can be
     */
    public byte[] toByteArray() {
        if (bytes > Integer.MAX_VALUE - ALIGNMENT) {
            throw new IllegalArgumentException("A file of %d bytes does not fit into an array".formatted(bytes));
        }
        Filled file = new Filled((int) bytes);
        try {
            writeTo(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Bytes in memory can always be written", e);
        }
        return file.bytes();
    }

    private static byte[] padded(ObjectNode header) {
        byte[] json;
        try {
            json = Safetensors.JSON.writeValueAsBytes(header);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The metadata of the file is not Unicode text", e);
        }
        if (json.length > Safetensors.MAX_HEADER_BYTES - ALIGNMENT) {
            throw new IllegalArgumentException(
                    "The header would have %d bytes; the maximum of a safetensors file is %d: its vocabulary is too large"
                            .formatted(json.length, Safetensors.MAX_HEADER_BYTES));
        }
        byte[] padded = new byte[json.length + (-json.length & (ALIGNMENT - 1))];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(json, 0, padded, 0, json.length);
        return padded;
    }

    /** A stream of known length whose array is not copied again. */
    private static final class Filled extends ByteArrayOutputStream {

        Filled(int length) {
            super(length);
        }

        byte[] bytes() {
            return buf;
        }
    }
}

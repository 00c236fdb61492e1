package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.languagemodel.network.Tensor;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The content of a safetensors file: named tensors and a map of strings. The format is 8 bytes header length
 * (little-endian), a JSON header, then the tensors' bytes (little-endian); see the format's specification by Hugging Face.
 * {@link TensorFile} writes it.
 *
 * <p>A file is read from a stream, each tensor directly into its array, so that nothing else of the size of the file is
 * held in memory.
 */
public final class Safetensors {

    /** The format's own limit, which its other implementations enforce too. */
    static final int MAX_HEADER_BYTES = 100_000_000;

    static final String METADATA = "__metadata__";

    /** Without Jackson's limit of 20 million characters per string: the header has its own limit. */
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private static final String NOT_A_FILE = "Not a safetensors file: ";

    private final Map<String, String> metadata;
    private final Map<String, LoadedTensor> tensors;

    private Safetensors(Map<String, String> metadata, Map<String, LoadedTensor> tensors) {
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /**
     * Parses a file.
     *
     * @throws IllegalArgumentException if the bytes are not a safetensors file, saying what is wrong
     */
    public static Safetensors read(byte[] file) {
        try {
            return read(new ByteArrayInputStream(file), file.length);
        } catch (IOException e) {
            throw new UncheckedIOException("Bytes in memory can always be read", e);
        }
    }

    /**
     * Parses a file from a stream.
     *
     * @param bytes length of the stream
     * @throws IllegalArgumentException if its content is not a safetensors file, saying what is wrong
     * @throws IOException if the stream throws it
     */
    public static Safetensors read(InputStream file, long bytes) throws IOException {
        long headerLength =
                bytes < Long.BYTES ? 0 : littleEndian(file, Long.BYTES).getLong();
        if (headerLength < 2 || headerLength > bytes - Long.BYTES) {
            throw new IllegalArgumentException(NOT_A_FILE + "the length of its header is impossible");
        }
        if (headerLength > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(NOT_A_FILE
                    + "its header has %d bytes; the maximum is %d".formatted(headerLength, MAX_HEADER_BYTES));
        }
        JsonNode header = header(littleEndian(file, (int) headerLength).array());
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA)
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        long dataBytes = bytes - Long.BYTES - headerLength;
        List<TensorEntry> entries = header.properties().stream()
                .filter(e -> !e.getKey().equals(METADATA))
                .map(e -> TensorEntry.of(e.getKey(), e.getValue(), dataBytes))
                .toList();
        return new Safetensors(metadata, readData(file, entries));
    }

    /** A file of 32-bit floats as one array; as {@link TensorFile#of}. */
    public static byte[] write(Map<String, Tensor> tensors, Map<String, String> metadata) {
        return TensorFile.of(tensors, metadata).toByteArray();
    }

    /** The strings of the header. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The names of the tensors, in the order of the header. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /**
     * A tensor of floats; not a copy. Elements of 16 or 64 bits were converted to 32 bits.
     *
     * @throws IllegalArgumentException if there is none with this name, or its elements are not floats
     */
    public Tensor tensor(String name) {
        LoadedTensor tensor = loaded(name);
        if (!(tensor.elements() instanceof TensorElements.Floats floats)) {
            throw new IllegalArgumentException("Tensor %s has elements of type %s, not one of %s"
                    .formatted(name, tensor.entry().type(), Arrays.toString(FloatType.values())));
        }
        return new Tensor(tensor.entry().shape(), floats.values());
    }

    /**
     * The elements of a tensor of 64-bit integers; not a copy.
     *
     * @throws IllegalArgumentException if there is none with this name and type
     */
    public long[] longs(String name) {
        LoadedTensor tensor = loaded(name);
        if (!(tensor.elements() instanceof TensorElements.Longs longs)) {
            throw new IllegalArgumentException("Tensor %s has elements of type %s, not I64"
                    .formatted(name, tensor.entry().type()));
        }
        return longs.values();
    }

    /**
     * The elements of a tensor of unsigned bytes; not a copy.
     *
     * @throws IllegalArgumentException if there is none with this name and type
     */
    byte[] bytes(String name) {
        LoadedTensor tensor = loaded(name);
        if (!(tensor.elements() instanceof TensorElements.Bytes bytes)) {
            throw new IllegalArgumentException("Tensor %s has elements of type %s, not U8"
                    .formatted(name, tensor.entry().type()));
        }
        return bytes.values();
    }

    private LoadedTensor loaded(String name) {
        LoadedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("There is no tensor %s".formatted(name));
        }
        return tensor;
    }

    private static JsonNode header(byte[] json) {
        JsonNode header;
        try {
            header = JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(NOT_A_FILE + "its header is not JSON", e);
        }
        if (!header.isObject()) {
            throw new IllegalArgumentException(NOT_A_FILE + "its header is not a JSON object");
        }
        return header;
    }

    /** Reads the tensors in the order of their offsets and returns them in the order of the header. */
    private static Map<String, LoadedTensor> readData(InputStream file, List<TensorEntry> entries) throws IOException {
        Map<String, LoadedTensor> byOffset = new LinkedHashMap<>();
        List<TensorEntry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(TensorEntry::begin));
        long at = 0;
        for (TensorEntry entry : sorted) {
            if (entry.begin() < at) {
                throw new IllegalArgumentException("Tensor %s overlaps another one".formatted(entry.name()));
            }
            file.skipNBytes(entry.begin() - at);
            byOffset.put(entry.name(), new LoadedTensor(entry, entry.read(file)));
            at = entry.end();
        }
        Map<String, LoadedTensor> tensors = new LinkedHashMap<>();
        entries.forEach(entry -> tensors.put(entry.name(), byOffset.get(entry.name())));
        return tensors;
    }

    private static ByteBuffer littleEndian(InputStream file, int bytes) throws IOException {
        byte[] read = file.readNBytes(bytes);
        if (read.length < bytes) {
            throw new EOFException("The file ends after %d of %d bytes".formatted(read.length, bytes));
        }
        return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A tensor with its elements. */
    private record LoadedTensor(TensorEntry entry, TensorElements elements) {}
}

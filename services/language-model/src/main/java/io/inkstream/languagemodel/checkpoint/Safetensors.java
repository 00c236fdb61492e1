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
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file that was read: named tensors and a map of strings. The format is 8 bytes header length
 * (little-endian), a JSON header, then the tensors' bytes (little-endian); see the format's specification by Hugging Face.
 * {@link TensorFile} writes it.
 *
 * <p>A file is read from a stream, each tensor straight into its array: nothing else of the size of the file is held.
 */
public final class Safetensors {

    /** Bytes of the largest header; the format's own limit, which its other implementations keep to. */
    static final int LARGEST_HEADER = 100_000_000;

    static final String METADATA = "__metadata__";

    /** Without Jackson's limit of 20 million characters for a string: a header has a limit of its own. */
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private static final String NOT_A_FILE = "Not a safetensors file: ";

    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;

    private Safetensors(Map<String, String> metadata, Map<String, Entry> entries) {
        this.metadata = metadata;
        this.entries = entries;
    }

    /**
     * Parses a file.
     *
     * @throws IllegalArgumentException if the bytes are no safetensors file, saying what is wrong
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
     * @param bytes how many the stream has
     * @throws IllegalArgumentException if they are no safetensors file, saying what is wrong
     * @throws IOException if the stream throws it
     */
    public static Safetensors read(InputStream file, long bytes) throws IOException {
        long headerLength =
                bytes < Long.BYTES ? 0 : littleEndian(file, Long.BYTES).getLong();
        if (headerLength < 2 || headerLength > bytes - Long.BYTES) {
            throw new IllegalArgumentException(NOT_A_FILE + "no header of a possible length");
        }
        if (headerLength > LARGEST_HEADER) {
            throw new IllegalArgumentException(
                    NOT_A_FILE + "its header has %d bytes, and may have %d".formatted(headerLength, LARGEST_HEADER));
        }
        JsonNode header = header(littleEndian(file, (int) headerLength).array());
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA)
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        long dataBytes = bytes - Long.BYTES - headerLength;
        Map<String, Entry> entries = new LinkedHashMap<>();
        header.properties().stream()
                .filter(e -> !e.getKey().equals(METADATA))
                .forEach(e -> entries.put(e.getKey(), Entry.of(e.getKey(), e.getValue(), dataBytes)));
        readData(file, entries);
        return new Safetensors(metadata, entries);
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
        return entries.keySet();
    }

    /**
     * A tensor of floats; not a copy. Elements of 16 or 64 bits were turned into 32 bits.
     *
     * @throws IllegalArgumentException if there is none of this name, or its elements are no floats
     */
    public Tensor tensor(String name) {
        Entry entry = entry(name);
        if (!(entry.values instanceof float[] floats)) {
            throw new IllegalArgumentException("Tensor %s has elements of type %s, and not of one of %s"
                    .formatted(name, entry.type, Arrays.toString(FloatType.values())));
        }
        return new Tensor(entry.shape, floats);
    }

    /**
     * The elements of a tensor of 64-bit integers; not a copy.
     *
     * @throws IllegalArgumentException if there is none of this name and type
     */
    public long[] longs(String name) {
        Entry entry = entry(name);
        if (!(entry.values instanceof long[] longs)) {
            throw new IllegalArgumentException(
                    "Tensor %s has elements of type %s, not I64".formatted(name, entry.type));
        }
        return longs;
    }

    /**
     * The elements of a tensor of unsigned bytes; not a copy.
     *
     * @throws IllegalArgumentException if there is none of this name and type
     */
    byte[] bytes(String name) {
        Entry entry = entry(name);
        if (!(entry.values instanceof byte[] bytes)) {
            throw new IllegalArgumentException("Tensor %s has elements of type %s, not U8".formatted(name, entry.type));
        }
        return bytes;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("There is no tensor %s".formatted(name));
        }
        return entry;
    }

    private static JsonNode header(byte[] json) {
        JsonNode header;
        try {
            header = JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(NOT_A_FILE + "its header is no JSON", e);
        }
        if (!header.isObject()) {
            throw new IllegalArgumentException(NOT_A_FILE + "its header is no JSON object");
        }
        return header;
    }

    /** Reads the tensors in the order in which they lie in the file. */
    private static void readData(InputStream file, Map<String, Entry> entries) throws IOException {
        List<Map.Entry<String, Entry>> inOrder = entries.entrySet().stream()
                .sorted(Comparator.comparingLong(e -> e.getValue().begin))
                .toList();
        long at = 0;
        for (Map.Entry<String, Entry> next : inOrder) {
            Entry entry = next.getValue();
            if (entry.begin < at) {
                throw new IllegalArgumentException("Tensor %s begins inside of another one".formatted(next.getKey()));
            }
            file.skipNBytes(entry.begin - at);
            entry.read(next.getKey(), file);
            at = entry.end;
        }
    }

    private static ByteBuffer littleEndian(InputStream file, int bytes) throws IOException {
        byte[] read = file.readNBytes(bytes);
        if (read.length < bytes) {
            throw new EOFException("The file ends after %d of %d bytes".formatted(read.length, bytes));
        }
        return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One tensor: where it lies in the file, and its elements once they are read. */
    private static final class Entry {

        private static final int PIECE_BYTES = 64 * 1024;

        private final String type;
        private final int[] shape;
        private final long begin;
        private final long end;

        /** float[], long[] or byte[]; null for a type that is not read. */
        private Object values;

        private Entry(String type, int[] shape, long begin, long end) {
            this.type = type;
            this.shape = shape;
            this.begin = begin;
            this.end = end;
        }

        static Entry of(String name, JsonNode node, long dataBytes) {
            long begin = node.path("data_offsets").path(0).asLong(-1);
            long end = node.path("data_offsets").path(1).asLong(-1);
            if (begin < 0 || end < begin || end > dataBytes) {
                throw new IllegalArgumentException(
                        "Tensor %s does not lie inside the file: it was cut short".formatted(name));
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
            return new Entry(node.path("dtype").asText(), shape, begin, end);
        }

        void read(String name, InputStream file) throws IOException {
            FloatType floatType = FloatType.named(type).orElse(null);
            if (floatType != null) {
                float[] floats = new float[elements(name, floatType.bytes())];
                inPieces(file, (piece, at) -> floatType.read(piece, floats, (int) (at / floatType.bytes())));
                values = floats;
            } else if (type.equals("I64")) {
                long[] longs = new long[elements(name, Long.BYTES)];
                inPieces(file, (piece, at) -> piece.asLongBuffer()
                        .get(longs, (int) (at / Long.BYTES), piece.remaining() / Long.BYTES));
                values = longs;
            } else if (type.equals("U8")) {
                byte[] bytes = new byte[elements(name, 1)];
                inPieces(file, (piece, at) -> piece.get(bytes, (int) at, piece.remaining()));
                values = bytes;
            } else {
                file.skipNBytes(end - begin);
            }
        }

        /** How many there are; the product is taken step by step, so that it cannot overflow. */
        private int elements(String name, int bytes) {
            long elements = 1;
            for (int length : shape) {
                elements *= length;
                if (elements > end - begin) {
                    break;
                }
            }
            if (elements * bytes != end - begin) {
                throw new IllegalArgumentException("Tensor %s has the shape %s, which its %d bytes do not fill"
                        .formatted(name, Arrays.toString(shape), end - begin));
            }
            if (elements > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "Tensor %s has %d elements, and may have %d".formatted(name, elements, Integer.MAX_VALUE - 8));
            }
            return (int) elements;
        }

        private void inPieces(InputStream file, Piece piece) throws IOException {
            byte[] buffer = new byte[(int) Math.min(PIECE_BYTES, end - begin)];
            for (long at = begin; at < end; ) {
                int length = (int) Math.min(buffer.length, end - at);
                if (file.readNBytes(buffer, 0, length) < length) {
                    throw new EOFException("The file ends inside of a tensor");
                }
                piece.take(ByteBuffer.wrap(buffer, 0, length).order(ByteOrder.LITTLE_ENDIAN), at - begin);
                at += length;
            }
        }

        /** Takes the next bytes of a tensor. */
        private interface Piece {

            /** These bytes, which begin at a place of the tensor. */
            void take(ByteBuffer bytes, long at);
        }
    }
}

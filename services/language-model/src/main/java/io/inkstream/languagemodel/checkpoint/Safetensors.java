package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.languagemodel.network.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file: named tensors and a map of strings. The format is 8 bytes header length (little-endian), a JSON
 * header, then the tensors' bytes (little-endian); see the format's specification by Hugging Face. The same content
 * always gives the same bytes.
 */
public final class Safetensors {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;

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
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < Long.BYTES || bytes.getLong(0) < 2 || bytes.getLong(0) > file.length - Long.BYTES) {
            throw new IllegalArgumentException("Not a safetensors file: no header of a possible length");
        }
        int headerLength = (int) bytes.getLong(0);
        JsonNode header;
        try {
            header = JSON.readTree(file, Long.BYTES, headerLength);
        } catch (IOException e) {
            throw new IllegalArgumentException("Not a safetensors file: its header is no JSON", e);
        }
        if (!header.isObject()) {
            throw new IllegalArgumentException("Not a safetensors file: its header is no JSON object");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        header.path(METADATA)
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        int dataStart = Long.BYTES + headerLength;
        Map<String, Entry> entries = new LinkedHashMap<>();
        header.properties().stream()
                .filter(e -> !e.getKey().equals(METADATA))
                .forEach(e -> entries.put(e.getKey(), Entry.read(e.getKey(), e.getValue(), bytes, dataStart)));
        return new Safetensors(metadata, entries);
    }

    /**
     * Writes a file of 32-bit floats.
     *
     * @param tensors by name, in the order in which they are written
     * @param metadata strings by name
     */
    public static byte[] write(Map<String, Tensor> tensors, Map<String, String> metadata) {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode strings = header.putObject(METADATA);
        metadata.forEach(strings::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
            var shape = entry.putArray("shape");
            for (int length : tensor.getValue().shape()) {
                shape.add(length);
            }
            long end = offset + (long) Float.BYTES * tensor.getValue().values().length;
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json;
        try {
            json = JSON.writeValueAsBytes(header);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of strings and numbers is always JSON", e);
        }
        int padding = -json.length & (ALIGNMENT - 1);
        ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(Long.BYTES + json.length + padding + offset))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong((long) json.length + padding).put(json);
        for (int i = 0; i < padding; i++) {
            file.put((byte) ' ');
        }
        tensors.values().forEach(tensor -> {
            file.asFloatBuffer().put(tensor.values());
            file.position(file.position() + Float.BYTES * tensor.values().length);
        });
        return file.array();
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
     * A tensor of floats. Elements of 16 or 64 bits are turned into 32 bits.
     *
     * @throws IllegalArgumentException if there is none of this name, or its elements are no floats
     */
    public Tensor tensor(String name) {
        Entry entry = entry(name);
        FloatType type = FloatType.named(entry.type())
                .orElseThrow(
                        () -> new IllegalArgumentException("Tensor %s has elements of type %s, and not of one of %s"
                                .formatted(name, entry.type(), Arrays.toString(FloatType.values()))));
        entry.requireElements(name, type.bytes());
        return new Tensor(entry.shape(), type.floats(entry.data().duplicate().order(ByteOrder.LITTLE_ENDIAN)));
    }

    /**
     * The elements of a tensor of 64-bit integers.
     *
     * @throws IllegalArgumentException if there is none of this name and type
     */
    public long[] longs(String name) {
        Entry entry = entry(name);
        if (!entry.type().equals("I64")) {
            throw new IllegalArgumentException(
                    "Tensor %s has elements of type %s, not I64".formatted(name, entry.type()));
        }
        entry.requireElements(name, Long.BYTES);
        long[] values = new long[entry.data().remaining() / Long.BYTES];
        entry.data().asLongBuffer().get(values);
        return values;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("There is no tensor %s".formatted(name));
        }
        return entry;
    }

    /** One tensor as it lies in the file. */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    private record Entry(String type, int[] shape, ByteBuffer data) {

        static Entry read(String name, JsonNode node, ByteBuffer file, int dataStart) {
            long begin = node.path("data_offsets").path(0).asLong(-1);
            long end = node.path("data_offsets").path(1).asLong(-1);
            long from = dataStart + begin;
            long to = dataStart + end;
            if (begin < 0 || end < begin || end > file.capacity() - dataStart) {
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
            ByteBuffer data = file.slice((int) from, (int) (to - from)).order(ByteOrder.LITTLE_ENDIAN);
            return new Entry(node.path("dtype").asText(), shape, data);
        }

        /** Checks that shape and bytes say the same; the product is taken step by step, so that it cannot overflow. */
        void requireElements(String name, int bytes) {
            long elements = 1;
            for (int length : shape) {
                elements *= length;
                if (elements > data.capacity()) {
                    break;
                }
            }
            if (elements * bytes != data.capacity()) {
                throw new IllegalArgumentException("Tensor %s has the shape %s, which its %d bytes do not fill"
                        .formatted(name, Arrays.toString(shape), data.capacity()));
            }
        }
    }
}

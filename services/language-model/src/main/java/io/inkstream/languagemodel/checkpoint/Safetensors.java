package io.inkstream.languagemodel.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.languagemodel.network.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
     * A tensor of 32-bit floats.
     *
     * @throws IllegalArgumentException if there is none of this name and type
     */
    public Tensor tensor(String name) {
        Entry entry = entry(name, "F32");
        float[] values = new float[entry.data().remaining() / Float.BYTES];
        entry.data().asFloatBuffer().get(values);
        return new Tensor(entry.shape(), values);
    }

    /**
     * The elements of a tensor of 64-bit integers.
     *
     * @throws IllegalArgumentException if there is none of this name and type
     */
    public long[] longs(String name) {
        Entry entry = entry(name, "I64");
        long[] values = new long[entry.data().remaining() / Long.BYTES];
        entry.data().asLongBuffer().get(values);
        return values;
    }

    private Entry entry(String name, String type) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("There is no tensor %s".formatted(name));
        }
        if (!entry.type().equals(type)) {
            throw new IllegalArgumentException(
                    "Tensor %s has elements of type %s, not %s".formatted(name, entry.type(), type));
        }
        return entry;
    }

    /** One tensor as it lies in the file. */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    private record Entry(String type, int[] shape, ByteBuffer data) {

        static Entry read(String name, JsonNode node, ByteBuffer file, int dataStart) {
            long from = dataStart + node.path("data_offsets").path(0).asLong(-1);
            long to = dataStart + node.path("data_offsets").path(1).asLong(-1);
            if (from < dataStart || to < from || to > file.capacity()) {
                throw new IllegalArgumentException(
                        "Tensor %s does not lie inside the file: it was cut short".formatted(name));
            }
            int[] shape = new int[node.path("shape").size()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = node.path("shape").path(i).asInt();
            }
            ByteBuffer data = file.slice((int) from, (int) (to - from)).order(ByteOrder.LITTLE_ENDIAN);
            return new Entry(node.path("dtype").asText(), shape, data);
        }
    }
}

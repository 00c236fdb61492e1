package io.inkstream.languagemodel.decoding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.languagemodel.network.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** As much of the safetensors format as the golden vectors need: float32 and int64 tensors, and metadata. */
record SafetensorsFile(Map<String, Tensor> tensors, Map<String, long[]> integers, Map<String, String> metadata) {

    static SafetensorsFile read(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(buffer.getLong());
        byte[] header = new byte[headerLength];
        buffer.get(header);
        JsonNode entries = new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8));
        ByteBuffer body = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
        SafetensorsFile result = new SafetensorsFile(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        entries.properties().forEach(entry -> {
            if (entry.getKey().equals("__metadata__")) {
                entry.getValue()
                        .properties()
                        .forEach(item -> result.metadata.put(
                                item.getKey(), item.getValue().asText()));
            } else {
                result.add(entry.getKey(), entry.getValue(), body);
            }
        });
        return result;
    }

    private void add(String name, JsonNode entry, ByteBuffer body) {
        int[] shape = StreamSupport.stream(entry.get("shape").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        int count = Math.toIntExact(Tensor.size(shape));
        ByteBuffer from = body.duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(entry.get("data_offsets").get(0).asInt());
        if (entry.get("dtype").asText().equals("F32")) {
            float[] values = new float[count];
            from.asFloatBuffer().get(values);
            tensors.put(name, new Tensor(shape, values));
        } else {
            long[] values = new long[count];
            from.asLongBuffer().get(values);
            integers.put(name, values);
        }
    }
}

package io.inkstream.languagemodel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.languagemodel.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsTest {

    @Test
    void readsWhatItWrote() {
        // Given
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", new Tensor(new int[] {2, 3}, new float[] {1, 2, 3, -4, Float.MIN_VALUE, 1e30f}));
        tensors.put("a", new Tensor(new int[] {}, new float[] {0.1f}));

        // When
        Safetensors file = Safetensors.read(Safetensors.write(tensors, Map.of("text", "„Tinte“ 墨 \"\\\n")));

        // Then
        assertThat(file.names()).containsExactly("b", "a");
        assertThat(file.tensor("b")).isEqualTo(tensors.get("b"));
        assertThat(file.tensor("a")).isEqualTo(tensors.get("a"));
        assertThat(file.metadata()).containsEntry("text", "„Tinte“ 墨 \"\\\n");
    }

    @Test
    void hasTheLayoutOfTheFormat() {
        // When
        byte[] bytes = Safetensors.write(Map.of("w", new Tensor(new int[] {1}, new float[] {2})), Map.of());

        // Then
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) file.getLong();
        assertThat(header % 8).isZero();
        assertThat(new String(bytes, 8, header, StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
        assertThat(file.getFloat(8 + header)).isEqualTo(2f);
        assertThat(bytes).hasSize(8 + header + 4);
    }

    @Test
    void reportsWhatIsWrongWithAFile() {
        // Given
        byte[] whole = Safetensors.write(Map.of("w", new Tensor(new int[] {1}, new float[] {2})), Map.of());

        // When, Then
        assertThatThrownBy(() -> Safetensors.read(new byte[3])).hasMessageContaining("Not a safetensors file");
        assertThatThrownBy(() -> Safetensors.read("plain text, and rather long".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("Not a safetensors file");
        assertThatThrownBy(() -> Safetensors.read(Arrays.copyOf(whole, whole.length - 1)))
                .hasMessageContaining("truncated");
        assertThatThrownBy(() -> Safetensors.read(whole).tensor("x")).hasMessageContaining("no tensor x");
    }
}

package io.inkstream.languagemodel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inkstream.languagemodel.network.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Files from other programs, and damaged ones. */
class SafetensorsProperties {

    /** However a file was changed, it can be read, or it is rejected with a message. */
    @Property(tries = 1000)
    void rejectsADamagedFileWithAMessage(
            @ForAll @IntRange(max = 300) int length,
            @ForAll @Size(max = 3) Map<@IntRange(max = 299) Integer, Byte> damage) {
        // Given
        byte[] file = Safetensors.write(
                Map.of("w", new Tensor(new int[] {2, 3}, new float[6])), Map.of("key", "a value that is not short"));
        byte[] damaged = Arrays.copyOf(file, Math.min(length, file.length));
        damage.forEach((at, value) -> {
            if (at < damaged.length) {
                damaged[at] = value;
            }
        });

        // When
        Throwable thrown = catchThrowable(() -> {
            Safetensors read = Safetensors.read(damaged);
            read.names().forEach(read::tensor);
        });

        // Then
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
            assertThat(thrown.getMessage()).isNotBlank();
        }
    }

    @Example
    void rejectsHostileHeaders() {
        rejected("{\"w\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}");
        rejected("{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}");
        rejected("{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967297],\"data_offsets\":[0,4]}}");
        rejected("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9223372036854775807]}}");
        rejected("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-8,-4]}}");
        rejected("{\"w\":{\"dtype\":\"BOOL\",\"shape\":[4],\"data_offsets\":[0,4]}}");
        rejected("{\"w\":7}");
        rejected("[1, 2]");
        rejected("{");
    }

    @Property
    void convertsFloatsOfOtherWidths(@ForAll float value) {
        // Given a value that each type can represent
        float narrow = Float.intBitsToFloat(Float.floatToIntBits(value) & 0xFFFF0000);

        // When, Then
        assertThat(one("F64", value(8, data -> data.putDouble(value)))).isEqualTo(value);
        short upperHalf = (short) (Float.floatToIntBits(narrow) >> 16);
        assertThat(one("BF16", value(2, data -> data.putShort(upperHalf)))).isEqualTo(narrow);
    }

    /** Examples from the tables of IEEE 754 binary16. */
    @Example
    void halfPrecision() {
        assertThat(half(0x3C00)).isEqualTo(1f);
        assertThat(half(0xC000)).isEqualTo(-2f);
        assertThat(half(0x7BFF)).isEqualTo(65504f);
        assertThat(half(0x0001)).isEqualTo(0x1p-24f);
        assertThat(half(0x3555)).isEqualTo(0x1.554p-2f);
        assertThat(half(0xFC00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(half(0x8000)).isEqualTo(-0f);
    }

    private static float half(int bits) {
        return one("F16", value(2, data -> data.putShort((short) bits)));
    }

    private static byte[] value(int bytes, Consumer<ByteBuffer> put) {
        byte[] value = new byte[bytes];
        put.accept(ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN));
        return value;
    }

    private static float one(String type, byte[] value) {
        byte[] file = file(
                "{\"w\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,%d]}}".formatted(type, value.length),
                value);
        return Safetensors.read(file).tensor("w").values()[0];
    }

    private static void rejected(String header) {
        Throwable thrown = catchThrowable(() -> {
            Safetensors read = Safetensors.read(file(header, new byte[4]));
            read.names().forEach(read::tensor);
        });
        assertThat(thrown).as(header).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] file(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}

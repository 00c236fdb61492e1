package io.inkstream.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.schemas.TokenBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.errors.SerializationException;

/** Whatever tokens a block has, it comes back as it went, in Avro's own encoding. */
class TokenBlockProperties {

    private static StubRegistry registry;
    private static AvroSerde<TokenBlock> serde;

    @BeforeContainer
    static void open() {
        registry = new StubRegistry();
        serde = new AvroSerde<>();
        serde.configure(Map.of(RegistryConfig.URL, registry.url()), false);
    }

    @AfterContainer
    static void close() {
        serde.close();
        registry.close();
    }

    @Property(tries = 300)
    void comesBackAsItWent(
            @ForAll @Size(max = 200) List<@StringLength(max = 8) String> newEntries,
            @ForAll @Size(max = 5_000) List<Integer> tokens)
            throws IOException {
        // Given
        List<String> entries =
                newEntries.stream().map(TokenBlockProperties::wellFormed).toList();
        TokenBlock block = Samples.block(entries, tokens);
        ByteArrayOutputStream avro = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(avro, null);
        new SpecificDatumWriter<>(TokenBlock.class).write(block, encoder);
        encoder.flush();

        // When
        byte[] bytes = serde.serializer().serialize("tokens", block);
        TokenBlock read = serde.deserializer().deserialize("tokens", bytes);

        // Then
        assertThat(Arrays.copyOfRange(bytes, 5, bytes.length)).isEqualTo(avro.toByteArray());
        assertThat(read.getTokens()).isEqualTo(tokens);
        assertThat(read).isEqualTo(block);
    }

    @Property(tries = 1_000)
    void anyBytesAreReadOrRejected(@ForAll @Size(max = 200) byte[] noise) {
        // Given
        byte[] bytes = new byte[noise.length + 5];
        System.arraycopy(noise, 0, bytes, 5, noise.length);
        byte[] header = serde.serializer().serialize("tokens", Samples.block(List.of(), List.of()));
        System.arraycopy(header, 0, bytes, 0, 5);

        // When
        String outcome;
        try {
            outcome = serde.deserializer().deserialize("tokens", bytes) == null ? "nothing" : "read";
        } catch (SerializationException e) {
            outcome = "refused";
        }

        // Then
        assertThat(outcome).isIn("read", "refused");
    }

    /** UTF-8 has no place for half of a surrogate pair. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}

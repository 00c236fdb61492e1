package io.inkstream.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class Utf8ScannerProperties {

    @Property
    void acceptsAndCountsAnyText(@ForAll String text) {
        // Given: what Java writes for any text, lone surrogates as '?'
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        // When
        Utf8Scanner scanner = scan(bytes);

        // Then
        assertThat(scanner.invalidAt()).isEqualTo(Utf8Scanner.NONE);
        assertThat(scanner.codePoints())
                .isEqualTo(
                        new String(bytes, StandardCharsets.UTF_8).codePoints().count());
    }

    @Property
    void agreesWithJavaOnWhatIsInvalidAndWhere(@ForAll @Size(max = 12) List<Byte> values) {
        // Given
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = values.get(i);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

        // When
        CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.length + 1), true);

        // Then
        assertThat(scan(bytes).invalidAt()).isEqualTo(result.isError() ? in.position() : Utf8Scanner.NONE);
    }

    private static Utf8Scanner scan(byte[] bytes) {
        Utf8Scanner scanner = new Utf8Scanner();
        for (int i = 0; i < bytes.length; i++) {
            scanner.scan(bytes, i, 1); // the pieces must not matter
        }
        scanner.end();
        return scanner;
    }
}

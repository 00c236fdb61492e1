package io.inkstream.client.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.inkstream.platform.InkstreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TextStreamTest {

    private final List<String> records = new CopyOnWriteArrayList<>();

    @Test
    void handsLinesOnWhileTheStreamIsOpen() throws Exception {
        // Given
        PipedInputStream in = new PipedInputStream();
        CompletableFuture<Void> reading;
        try (PipedOutputStream typing = new PipedOutputStream(in)) {
            reading = CompletableFuture.runAsync(() -> read(new TextStream("standard input", in)));

            // When
            typing.write("first\nsec".getBytes(StandardCharsets.UTF_8));
            typing.flush();

            // Then
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(records).containsExactly("first\n"));
            typing.write("ond\n".getBytes(StandardCharsets.UTF_8));
        }
        reading.get();
        assertThat(String.join("", records)).isEqualTo("first\nsecond\n");
    }

    @Test
    void rejectsWhatIsNoUtf8() {
        TextStream stream = new TextStream("standard input", new ByteArrayInputStream(new byte[] {'a', (byte) 0xC3}));
        assertThatThrownBy(() -> read(stream))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("standard input is not UTF-8 text: the byte at position 1");
    }

    @Test
    void reportsABrokenStream() throws IOException {
        PipedInputStream broken = new PipedInputStream(); // not connected
        assertThatThrownBy(() -> read(new TextStream("standard input", broken)))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("standard input cannot be read further");
    }

    private void read(TextStream stream) {
        try {
            stream.records(record -> records.add(new String(record, StandardCharsets.UTF_8)));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

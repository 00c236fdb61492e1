package io.inkstream.corpuslog.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.platform.InkstreamException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    private static final byte[] KEY = {0, (byte) 0xff, 1};
    private static final byte[] VALUE = {(byte) 0xc3, 0x28};

    @Test
    void carriesTheRecordUnchangedAndTheReason() {
        // Given
        Headers came = new RecordHeaders().add("trace", new byte[] {7});
        ConsumerRecord<byte[], byte[]> record = record(1_700_000_000_000L, came);

        // When
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("ink.dead-letters", record, new InkstreamException("The text is not UTF-8 at byte 0."));

        // Then
        assertThat(letter.topic()).isEqualTo("ink.dead-letters");
        assertThat(letter.partition()).isNull();
        assertThat(letter.timestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(letter.value()).isEqualTo(VALUE);
        assertThat(letter.headers().lastHeader("trace").value()).containsExactly(7);
        assertThat(text(letter, "__streams.errors.exception")).isEqualTo("io.inkstream.platform.InkstreamException");
        assertThat(text(letter, "__streams.errors.message")).isEqualTo("The text is not UTF-8 at byte 0.");
        assertThat(text(letter, "__streams.errors.stacktrace")).contains("at " + DeadLetterTest.class.getName());
        assertThat(text(letter, "__streams.errors.topic")).isEqualTo("ink.text");
        assertThat(text(letter, "__streams.errors.partition")).isEqualTo("3");
        assertThat(text(letter, "__streams.errors.offset")).isEqualTo("42");
    }

    @Test
    void leavesAValueThatDoesNotFitWhereItWasRead() {
        // Given
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("ink.tokens", 3, 42, KEY, new byte[DeadLetter.LARGEST_BYTES]);

        // When
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("ink.dead-letters", record, new InkstreamException("It is no block."));

        // Then
        assertThat(letter.value()).isNull();
        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(text(letter, "__streams.errors.message"))
                .isEqualTo("It is no block. The value of 2097152 bytes is too large for the dead letters: "
                        + "it is where it was read.");
        assertThat(text(letter, "inkstream.omitted.value"))
                .isEqualTo("2097152 bytes, SHA-256 5647f05ec18958947d32874eeb788fa396a05d0bab7c1b71f112ceb7e9b31eee");
    }

    @Test
    void addsThoseHeadersAndNoOthers() {
        // Given
        ConsumerRecord<byte[], byte[]> record = record(0, new RecordHeaders());

        // When
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("ink.dead-letters", record, new IllegalStateException("no"));

        // Then
        assertThat(Arrays.stream(letter.headers().toArray()).map(Header::key))
                .containsExactlyInAnyOrder(
                        "__streams.errors.exception",
                        "__streams.errors.message",
                        "__streams.errors.stacktrace",
                        "__streams.errors.topic",
                        "__streams.errors.partition",
                        "__streams.errors.offset");
    }

    @Test
    void cutsAReasonWithoutEndAndSaysSo() {
        // Given
        String message = "'" + "x".repeat(5_000_000) + "' is not new.";

        // When
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("ink.dead-letters", record(0, new RecordHeaders()), new InkstreamException(message));

        // Then
        assertThat(letter.value()).isEqualTo(VALUE);
        assertThat(text(letter, "__streams.errors.message"))
                .hasSizeLessThan(8_193)
                .startsWith("'xxx")
                .endsWith("xxx … (cut: 5000014 characters)");
        assertThat(text(letter, "__streams.errors.stacktrace"))
                .hasSizeLessThan(32_769)
                .contains("(cut: 5000014 characters)\n\tat " + DeadLetterTest.class.getName());
    }

    @Test
    void leavesOutTheLargestPartFirstAndNamesIt() {
        // Given
        Headers came = new RecordHeaders().add("trace", new byte[3_000_000]).add("id", new byte[4]);

        // When
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("ink.dead-letters", record(0, came), new InkstreamException("It is no text."));

        // Then
        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(letter.value()).isEqualTo(VALUE);
        assertThat(letter.headers().lastHeader("id")).isNull();
        assertThat(text(letter, "inkstream.omitted.headers")).isEqualTo("2 headers, 3000031 bytes");
        assertThat(text(letter, "__streams.errors.message"))
                .isEqualTo("It is no text. The headers of 3000031 bytes are too large for the dead letters: "
                        + "they are where it was read.");
        assertThat(DeadLetter.isWhole(letter.headers())).isFalse();
    }

    @Test
    void leavesTheRecordThatItIsMadeFromAsItWas() {
        // Given
        ConsumerRecord<byte[], byte[]> record = record(0, new RecordHeaders());

        // When
        DeadLetter.of("ink.dead-letters", record, new IllegalStateException("no"));

        // Then
        assertThat(record.headers()).isEmpty();
    }

    @Test
    void takesAnExceptionWithoutMessageAndARecordWithoutTimestamp() {
        // Given
        ConsumerRecord<byte[], byte[]> record = record(ConsumerRecord.NO_TIMESTAMP, new RecordHeaders());

        // When
        ProducerRecord<byte[], byte[]> letter = DeadLetter.of("ink.dead-letters", record, new IllegalStateException());

        // Then
        assertThat(letter.headers().lastHeader(DeadLetter.MESSAGE).value()).isNull();
        assertThat(letter.timestamp()).isNull();
    }

    private static ConsumerRecord<byte[], byte[]> record(long timestamp, Headers headers) {
        return new ConsumerRecord<>(
                "ink.text",
                3,
                42,
                timestamp,
                TimestampType.CREATE_TIME,
                KEY.length,
                VALUE.length,
                KEY,
                VALUE,
                headers,
                Optional.empty());
    }

    private static String text(ProducerRecord<byte[], byte[]> letter, String header) {
        return new String(letter.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }
}

package io.inkstream.corpuslog.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.platform.InkstreamException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Whatever record came and whatever is said of it, its dead letter can be written. */
class DeadLetterProperties {

    @Property(tries = 150)
    void fits(
            @ForAll("sizes") int key,
            @ForAll("sizes") int value,
            @ForAll("sizes") int headerName,
            @ForAll("sizes") int headerValue,
            @ForAll("sizes") int message,
            @ForAll("sizes") int cause) {
        // Given
        RecordHeaders came = new RecordHeaders();
        came.add("h".repeat(headerName), new byte[headerValue]);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "ink.text",
                3,
                42,
                0,
                TimestampType.CREATE_TIME,
                key,
                value,
                new byte[key],
                new byte[value],
                came,
                Optional.empty());
        Exception reason =
                new InkstreamException("é".repeat(message), new IllegalStateException("\uD83D\uDE00".repeat(cause)));

        // When
        ProducerRecord<byte[], byte[]> letter = DeadLetter.of("ink.dead-letters", record, reason);

        // Then Kafka's producer and the topic take it
        assertThat(sizeByKafka(letter)).isLessThanOrEqualTo(DeadLetter.LARGEST_BYTES);
        // And where the original is, is always there, in text that is whole
        assertThat(text(letter, DeadLetter.TOPIC)).isEqualTo("ink.text");
        assertThat(text(letter, DeadLetter.PARTITION)).isEqualTo("3");
        assertThat(text(letter, DeadLetter.OFFSET)).isEqualTo("42");
        assertThat(text(letter, DeadLetter.MESSAGE)).startsWith("é".repeat(Math.min(message, 100)));
        assertThat(text(letter, DeadLetter.STACKTRACE)).contains("\tat " + DeadLetterProperties.class.getName());
        assertThat(letter.headers().lastHeader(DeadLetter.MESSAGE).value()).hasSizeLessThan(16 * 1024);
        // And what is not there is named
        assertThat(letter.value() != null).isEqualTo(letter.headers().lastHeader("inkstream.omitted.value") == null);
        assertThat(letter.key() != null).isEqualTo(letter.headers().lastHeader("inkstream.omitted.key") == null);
        assertThat(letter.headers().lastHeader("h".repeat(headerName)) != null)
                .isEqualTo(letter.headers().lastHeader("inkstream.omitted.headers") == null);
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(0, 2_000)),
                Tuple.of(3, Arbitraries.integers().between(0, 3 * 1024 * 1024)),
                Tuple.of(1, Arbitraries.integers().between(2_080_000, DeadLetter.LARGEST_BYTES)));
    }

    private static int sizeByKafka(ProducerRecord<byte[], byte[]> letter) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                letter.key(),
                letter.value(),
                letter.headers().toArray());
    }

    /** Fails when it is no whole UTF-8. */
    private static String text(ProducerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header.value()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError(name + " is cut within a character", e);
        }
    }
}

package io.inkstream.generator.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.corpuslog.deadletters.RecordSize;
import io.inkstream.corpuslog.requests.RequestHeaders;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.requests.RequestRecord;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Whatever the size of each part of a request, its answer fits into a record of its topic, or is empty. */
class AnswerRecordsProperties {

    /** Maximum size of the shortest answer without key and correlation header. */
    private static final int SHORTEST = 700;

    private final AnswerRecords records = new AnswerRecords(new TopicNames("ink"), AnswerRecordsProperties::avro);

    @Property(tries = 300)
    void anAnswerFitsAndKeepsKeyAndCorrelation(
            @ForAll boolean isAvro,
            @ForAll("sizes") int key,
            @ForAll("sizes") int correlation,
            @ForAll("sizes") int corpus,
            @ForAll("sizes") int prefix,
            @ForAll("sizes") int text,
            @ForAll("sizes") int error,
            @ForAll boolean failed,
            @ForAll("sizes") int replyError,
            @ForAll("limits") int largest) {
        // Given
        RequestRecord request = request(isAvro, key, correlation);
        Completion completion = failed
                ? Completions.error(Optional.of("c".repeat(corpus)), "p".repeat(prefix), 0, "e".repeat(error), 1)
                : new Completion(
                        "c".repeat(corpus),
                        "p".repeat(prefix),
                        "t".repeat(text),
                        text,
                        0,
                        FinishReason.LENGTH,
                        null,
                        0d,
                        null,
                        null,
                        1d);
        Destination.DefaultTopic destination = new Destination.DefaultTopic(
                "topic",
                largest,
                replyError % 2 == 0 ? Optional.empty() : Optional.of("r".repeat(Math.min(2000, replyError))));

        // When
        Optional<AnswerRecord> answer =
                records.fitting(new Answer(request, completion, null, false), destination, AnswerForm.WHOLE);

        // Then
        if (answer.isEmpty()) {
            // The producer sends no record larger than a dead letter may be, whatever the topic accepts.
            assertThat(key + correlation + SHORTEST + (destination.replyError().isEmpty() ? 0 : 2000))
                    .isGreaterThan(Math.min(largest, DeadLetter.LARGEST_BYTES));
            return;
        }
        ProducerRecord<byte[], byte[]> record = answer.get().record();
        assertThat(sizeInTheLog(record)).isLessThanOrEqualTo(largest);
        assertThat(record.key()).hasSize(key);
        assertThat(record.headers().lastHeader(RequestHeaders.CORRELATION_ID).value())
                .hasSize(correlation);
        if (answer.get().form() == AnswerForm.WHOLE && !isAvro && !failed) {
            assertThat(record.value()).hasSize(prefix + text);
        }
        if (answer.get().form() != AnswerForm.WHOLE && !isAvro) {
            assertThat(record.headers().lastHeader("inkstream.finish").value())
                    .asString()
                    .isEqualTo("error");
            assertThat(record.value()).asString(StandardCharsets.UTF_8).startsWith("error: ");
        }
    }

    @Property(tries = 50)
    void theEstimatedSizeOfARecordIsAnUpperBound(
            @ForAll("sizes") int key, @ForAll("sizes") int value, @ForAll("sizes") int header) {
        // Given
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("t", new byte[key], new byte[value]);
        record.headers().add("größe", new byte[header]).add("null", null);

        // When / Then
        assertThat(RecordSize.of(record.key(), record.value(), record.headers()))
                .isBetween((long) sizeInTheLog(record), sizeInTheLog(record) + 64L);
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.integers().between(0, 300)),
                Tuple.of(1, Arbitraries.integers().between(0, 20_000)),
                Tuple.of(1, Arbitraries.integers().between(1_040_000, 1_050_000)));
    }

    @Provide
    Arbitrary<Integer> limits() {
        return Arbitraries.of(500, 5_000, 100_000, TopicState.DEFAULT_MAX_BYTES, 1_100_000, 5_000_000);
    }

    private static RequestRecord request(boolean isAvro, int key, int correlation) {
        byte[] value = isAvro ? new byte[] {0, 0, 0, 0, 1, 2} : new byte[] {'a'};
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("prefixes", 0, 7, new byte[key], value);
        record.headers().add(RequestHeaders.CORRELATION_ID, new byte[correlation]);
        return RequestRecord.of(record);
    }

    private static int sizeInTheLog(ProducerRecord<byte[], byte[]> record) {
        return MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord(
                                System.currentTimeMillis(),
                                record.key(),
                                record.value(),
                                record.headers().toArray()))
                .sizeInBytes();
    }

    private static byte[] avro(String topic, Completion completion) {
        try {
            return Completion.getEncoder().encode(completion).array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

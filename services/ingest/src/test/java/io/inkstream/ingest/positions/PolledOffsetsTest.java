package io.inkstream.ingest.positions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PolledOffsetsTest {

    private static final TopicPartition PARTITION = new TopicPartition("ink.text", 1);

    private final PolledOffsets offsets = new PolledOffsets();

    @Test
    void knowsThePositionAfterAPoll() {
        // Given records 4 and 6 with a transaction marker after each, and then 8
        polled(8, 4, 6);
        polled(9, 8);
        // Then
        assertThat(offsets.beginsPoll(PARTITION, 4)).isTrue();
        assertThat(offsets.after(PARTITION, 4)).isEqualTo(5);
        assertThat(offsets.beginsPoll(PARTITION, 6)).isFalse();
        assertThat(offsets.after(PARTITION, 6)).isEqualTo(8);
        assertThat(offsets.beginsPoll(PARTITION, 8)).isTrue();
        assertThat(offsets.after(PARTITION, 8)).isEqualTo(9);
    }

    @Test
    void treatsUnknownRecordsAsTheFirstOfAPoll() {
        // Given
        polled(8, 4, 6);
        // When
        offsets.forget(PARTITION);
        // Then
        assertThat(offsets.beginsPoll(PARTITION, 6)).isTrue();
        assertThat(offsets.after(PARTITION, 6)).isEqualTo(7);
    }

    @Test
    void nothingIsLeftToProcessWhenOnlyMarkersFollow() {
        // Given a record, and a marker that a later poll moves past
        polled(5, 4);
        polled(6);
        // Then
        assertThat(offsets.settled(PARTITION, OptionalLong.of(4))).hasValue(4);
        assertThat(offsets.settled(PARTITION, OptionalLong.of(5))).hasValue(6);
    }

    @Test
    void nothingIsLeftToProcessOfAbortedRecords() {
        assertThat(offsets.settled(PARTITION, OptionalLong.empty())).isEmpty();
        // Given
        polled(3);
        // Then
        assertThat(offsets.settled(PARTITION, OptionalLong.empty())).hasValue(3);
    }

    private void polled(long next, long... records) {
        PolledOffsets.Interceptor interceptor = new PolledOffsets.Interceptor();
        interceptor.configure(Map.of(PolledOffsets.CONFIG, offsets));
        List<ConsumerRecord<Object, Object>> some = Arrays.stream(records)
                .mapToObj(offset ->
                        new ConsumerRecord<Object, Object>(PARTITION.topic(), PARTITION.partition(), offset, "k", "v"))
                .toList();
        assertThat(interceptor.onConsume(
                        new ConsumerRecords<>(Map.of(PARTITION, some), Map.of(PARTITION, new OffsetAndMetadata(next)))))
                .hasSize(records.length);
        interceptor.close();
    }
}

package io.inkstream.generator.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.platform.observability.PartitionProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RequestOffsetsTest {

    private static final TopicPartition ONE = new TopicPartition("prefixes", 1);
    private static final TopicPartition TWO = new TopicPartition("prefixes", 2);

    private final RequestOffsets offsets = new RequestOffsets();

    @Test
    void nothingIsCommittedBeforeAnAnswer() {
        // When
        offsets.add(ONE, 5, 1);

        // Then
        assertThat(offsets.committable()).isEmpty();
        assertThat(offsets.pending()).isEqualTo(1);
    }

    @Test
    void commitsTheOffsetOfTheFirstUnansweredRequest() {
        // Given
        PendingRequest first = offsets.add(ONE, 5, 1);
        PendingRequest second = offsets.add(ONE, 6, 1);
        PendingRequest third = offsets.add(ONE, 9, 1);
        offsets.add(TWO, 0, 1).answered();

        // When / Then
        third.answered();
        assertThat(offsets.committable()).isEqualTo(committed(TWO, 1));
        first.answered();
        assertThat(offsets.committable()).containsEntry(ONE, new OffsetAndMetadata(6));
        second.answered();
        assertThat(offsets.committable()).containsEntry(ONE, new OffsetAndMetadata(10));
        assertThat(offsets.pending()).isZero();
    }

    @Test
    void reportsWhatIsReadAndNotAnswered() {
        // Given
        offsets.add(ONE, 5, 1);
        PendingRequest second = offsets.add(ONE, 6, 1);
        offsets.moveTo(ONE, 8);
        offsets.moveTo(TWO, 3);

        // When
        second.answered();

        // Then
        assertThat(offsets.progress())
                .containsOnly(Map.entry(ONE, new PartitionProgress(8, 1)), Map.entry(TWO, new PartitionProgress(3, 0)));
        offsets.release(List.of(ONE));
        assertThat(offsets.progress()).containsOnlyKeys(TWO);
    }

    @Test
    void anAnswerCountsOnce() {
        // Given
        PendingRequest ticket = offsets.add(ONE, 5, 1);
        offsets.add(ONE, 6, 1);

        // When
        ticket.answered();
        ticket.answered();

        // Then
        assertThat(offsets.pending()).isEqualTo(1);
        assertThat(offsets.committable()).isEqualTo(committed(ONE, 6));
    }

    @Test
    void releasedPartitionsAreDroppedAndNotCommitted() {
        // Given
        offsets.add(ONE, 5, 1).answered();
        PendingRequest dropped = offsets.add(ONE, 6, 1);
        PendingRequest kept = offsets.add(TWO, 3, 1);

        // When
        int count = offsets.release(List.of(ONE));
        dropped.answered();

        // Then
        assertThat(count).isEqualTo(1);
        assertThat(dropped.isPending()).isFalse();
        assertThat(kept.isPending()).isTrue();
        assertThat(offsets.pending()).isEqualTo(1);
        assertThat(offsets.committable()).isEmpty();
    }

    @Test
    void aPartitionThatIsAssignedAgainStartsOver() {
        // Given
        PendingRequest before = offsets.add(ONE, 5, 1);
        offsets.release(List.of(ONE));
        PendingRequest again = offsets.add(ONE, 5, 1);

        // When: the earlier answer arrives late
        before.answered();

        // Then
        assertThat(offsets.committable()).isEmpty();
        again.answered();
        assertThat(offsets.committable()).isEqualTo(committed(ONE, 6));
    }

    @Test
    void waitingEndsWithTheLastAnswerOrTheTimeout() throws InterruptedException {
        // Given
        PendingRequest ticket = offsets.add(ONE, 5, 1);
        assertThat(offsets.awaitAnswered(List.of(TWO), Duration.ZERO)).isTrue();
        assertThat(offsets.awaitAnswered(List.of(ONE), Duration.ofMillis(20))).isFalse();

        // When
        Thread answering = new Thread(ticket::answered);
        answering.start();

        // Then
        assertThat(offsets.awaitAnswered(List.of(ONE), Duration.ofSeconds(30))).isTrue();
        answering.join();
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(TopicPartition partition, long offset) {
        return Map.of(partition, new OffsetAndMetadata(offset));
    }

    @Test
    void requestsThatWaitForTheRegistryArePendingButNotBusy() {
        // Given
        PendingRequest waiting = offsets.add(ONE, 5, 100);
        PendingRequest busy = offsets.add(ONE, 6, 10);

        // When
        waiting.waitsForRegistry(true);
        waiting.waitsForRegistry(true);

        // Then
        assertThat(offsets.pending()).isEqualTo(2);
        assertThat(offsets.busy()).isEqualTo(1);
        assertThat(offsets.bytes()).isEqualTo(110);
        busy.answered();
        assertThat(offsets.busy()).isZero();
        assertThat(offsets.bytes()).isEqualTo(100);
        waiting.waitsForRegistry(false);
        assertThat(offsets.busy()).isEqualTo(1);

        // And when its partition is released it is not counted
        waiting.waitsForRegistry(true);
        offsets.release(List.of(ONE));
        assertThat(offsets.pending()).isZero();
        assertThat(offsets.busy()).isZero();
        assertThat(offsets.bytes()).isZero();
    }
}

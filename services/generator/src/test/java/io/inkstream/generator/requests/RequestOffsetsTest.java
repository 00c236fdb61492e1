package io.inkstream.generator.requests;

import static org.assertj.core.api.Assertions.assertThat;

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
        offsets.take(ONE, 5);

        // Then
        assertThat(offsets.committable()).isEmpty();
        assertThat(offsets.underWay()).isEqualTo(1);
    }

    @Test
    void theOffsetStandsAtTheFirstRequestWithoutAnAnswer() {
        // Given
        Ticket first = offsets.take(ONE, 5);
        Ticket second = offsets.take(ONE, 6);
        Ticket third = offsets.take(ONE, 9);
        offsets.take(TWO, 0).answered();

        // When / Then
        third.answered();
        assertThat(offsets.committable()).isEqualTo(committed(TWO, 1));
        first.answered();
        assertThat(offsets.committable()).containsEntry(ONE, new OffsetAndMetadata(6));
        second.answered();
        assertThat(offsets.committable()).containsEntry(ONE, new OffsetAndMetadata(10));
        assertThat(offsets.underWay()).isZero();
    }

    @Test
    void anAnswerCountsOnce() {
        // Given
        Ticket ticket = offsets.take(ONE, 5);
        offsets.take(ONE, 6);

        // When
        ticket.answered();
        ticket.answered();

        // Then
        assertThat(offsets.underWay()).isEqualTo(1);
        assertThat(offsets.committable()).isEqualTo(committed(ONE, 6));
    }

    @Test
    void whatIsReleasedIsDroppedAndNeverCommitted() {
        // Given
        offsets.take(ONE, 5).answered();
        Ticket dropped = offsets.take(ONE, 6);
        Ticket kept = offsets.take(TWO, 3);

        // When
        int count = offsets.release(List.of(ONE));
        dropped.answered();

        // Then
        assertThat(count).isEqualTo(1);
        assertThat(dropped.isUnderWay()).isFalse();
        assertThat(kept.isUnderWay()).isTrue();
        assertThat(offsets.underWay()).isEqualTo(1);
        assertThat(offsets.committable()).isEmpty();
    }

    @Test
    void aPartitionThatComesBackBeginsAnew() {
        // Given
        Ticket before = offsets.take(ONE, 5);
        offsets.release(List.of(ONE));
        Ticket again = offsets.take(ONE, 5);

        // When: the old answer arrives late
        before.answered();

        // Then
        assertThat(offsets.committable()).isEmpty();
        again.answered();
        assertThat(offsets.committable()).isEqualTo(committed(ONE, 6));
    }

    @Test
    void waitingEndsWithTheLastAnswerOrInTime() throws InterruptedException {
        // Given
        Ticket ticket = offsets.take(ONE, 5);
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
}

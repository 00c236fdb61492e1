package io.inkstream.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.trainer.training.CheckpointSchedule.Uncommitted;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CheckpointScheduleTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // System.nanoTime may overflow
    private final CheckpointSchedule schedule = new CheckpointSchedule(Duration.ofSeconds(10), clock::get);

    @Test
    void aCheckpointIsDueOncePerInterval() {
        // Given
        schedule.written("corpus");

        // When, Then
        pass(Duration.ofMillis(9_999));
        assertThat(schedule.due("corpus", Uncommitted.STEPS)).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(schedule.due("corpus", Uncommitted.STEPS)).isTrue();
        schedule.written("corpus");
        assertThat(schedule.due("corpus", Uncommitted.STEPS)).isFalse();
    }

    @Test
    void theFirstCheckpointIsDueAfterASecond() {
        // Given
        assertThat(schedule.due("corpus", Uncommitted.FIRST_STEPS)).isFalse();

        // When
        pass(Duration.ofSeconds(1));

        // Then
        assertThat(schedule.due("corpus", Uncommitted.FIRST_STEPS)).isTrue();
        assertThat(schedule.due("corpus", Uncommitted.STEPS)).isFalse();
    }

    @Test
    void theFirstCheckpointIsDueNoLaterThanTheOthers() {
        // Given
        CheckpointSchedule frequent = new CheckpointSchedule(Duration.ofMillis(200), clock::get);
        assertThat(frequent.due("corpus", Uncommitted.FIRST_STEPS)).isFalse();

        // When
        pass(Duration.ofMillis(200));

        // Then
        assertThat(frequent.due("corpus", Uncommitted.FIRST_STEPS)).isTrue();
    }

    @Test
    void theFinalCheckpointIsDueImmediatelyAndNothingNewNever() {
        // Given
        schedule.written("corpus");

        // When, Then
        assertThat(schedule.due("corpus", Uncommitted.END)).isTrue();
        pass(Duration.ofHours(1));
        assertThat(schedule.due("corpus", Uncommitted.NOTHING)).isFalse();
    }

    @Test
    void aCorpusThatIsOwnedAgainStartsOver() {
        // Given
        schedule.written("corpus");
        pass(Duration.ofMinutes(1));

        // When
        schedule.forget("corpus");

        // Then
        assertThat(schedule.due("corpus", Uncommitted.STEPS)).isFalse();
        pass(Duration.ofSeconds(10));
        assertThat(schedule.due("corpus", Uncommitted.STEPS)).isTrue();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}

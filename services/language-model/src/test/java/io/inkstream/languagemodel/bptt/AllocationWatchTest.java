package io.inkstream.languagemodel.bptt;

import static io.inkstream.languagemodel.bptt.AllocationWatch.MAX_BYTES_PER_STEP;
import static io.inkstream.languagemodel.bptt.AllocationWatch.STEPS_BETWEEN_CHECKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllocationWatchTest {

    @Test
    void reportsWhatStepsAllocateOnly() {
        // Given a thread that has allocated much before
        AtomicLong allocated = new AtomicLong(1L << 40);
        AllocationWatch watch = new AllocationWatch(allocated::get, Duration.ZERO);

        // When / Then
        for (int step = 0; step < 10 * STEPS_BETWEEN_CHECKS; step++) {
            allocated.addAndGet(MAX_BYTES_PER_STEP);
            watch.stepped();
            assertThat(watch.isCollapsed()).isFalse();
        }
        for (int step = 0; step < STEPS_BETWEEN_CHECKS; step++) {
            allocated.addAndGet(MAX_BYTES_PER_STEP + 1);
            watch.stepped();
        }
        assertThat(watch.isCollapsed()).isTrue();
    }

    @Test
    void doesNotLookWhileTheCompilerIsAtWork() {
        // Given
        AtomicLong allocated = new AtomicLong();
        AllocationWatch watch = new AllocationWatch(allocated::get, Duration.ofHours(1));

        // When
        for (int step = 0; step < 10 * STEPS_BETWEEN_CHECKS; step++) {
            allocated.addAndGet(10 * MAX_BYTES_PER_STEP);
            watch.stepped();
        }

        // Then
        assertThat(watch.isCollapsed()).isFalse();
    }

    @Test
    void noticesAJvmThatKeepsVectorsOnTheHeap() throws Exception {
        // When
        List<String> printed = ChildJvm.run(
                ChildJvm.thisJava(),
                ChildJvm.VECTORS + "-XX:+UnlockExperimentalVMOptions -XX:-EnableVectorSupport",
                StepAllocations.class);

        // Then
        assertThat(printed).singleElement().asString().endsWith(" true");
    }

    @Test
    void aStepAllocatesNextToNothing() throws Exception {
        // Given single numbers, with which this does not depend on what is compiled already
        String withoutVectors = "";

        // When
        List<String> printed = ChildJvm.run(ChildJvm.thisJava(), withoutVectors, StepAllocations.class);

        // Then
        String[] words = printed.get(0).split(" ", -1);
        assertThat(Long.parseLong(words[0])).isLessThan(512);
        assertThat(words[1]).isEqualTo("false");
    }
}

package io.inkstream.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrainingRuntimeTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final RecordingShard shard = new RecordingShard();
    private final TrainingRuntime runtime = new TrainingRuntime(shard);

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void aShardIsOpenedFirstAndClosedLast() {
        // Given
        runtime.start();
        assertThat(runtime.submit(() -> shard.events.add("command"))).succeedsWithin(TIMEOUT);

        // When
        runtime.close();

        // Then
        assertThat(shard.events).startsWith("pass").contains("command").endsWith("close");
        assertThat(runtime.failure()).isEmpty();
    }

    @Test
    void aPendingCommandInterruptsAPass() {
        // Given a pass that lasts until it is interrupted
        shard.untilInterrupted = true;
        runtime.start();

        // When, Then
        assertThat(runtime.submit(() -> {})).succeedsWithin(TIMEOUT);
    }

    @Test
    void aCommandThatFailsEndsTheThreadAndCompletesTheOthers() {
        // Given a command that fails, and one behind it
        CompletableFuture<Void> failed = runtime.submit(() -> {
            throw new IllegalStateException("This cannot be done.");
        });
        CompletableFuture<Void> behind = runtime.submit(() -> {});

        // When
        runtime.start();

        // Then
        assertThat(failed).failsWithin(TIMEOUT);
        assertThat(behind).succeedsWithin(TIMEOUT);
        assertThat(runtime.submit(() -> {})).succeedsWithin(TIMEOUT);
        assertThat(runtime.failure()).get().isInstanceOf(IllegalStateException.class);
        assertThat(shard.events).endsWith("close");
    }

    @Test
    void aPassThatFailsEndsTheThread() throws InterruptedException {
        // Given
        shard.failure = new OutOfMemoryError("for everybody");

        // When
        runtime.start();

        // Then
        shard.closed.await();
        assertThat(runtime.failure()).get().isInstanceOf(OutOfMemoryError.class);
    }

    private static final class RecordingShard implements TrainingRuntime.Shard {

        private final List<String> events = new CopyOnWriteArrayList<>();
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile boolean untilInterrupted;
        private volatile Error failure;

        @Override
        public boolean pass(BooleanSupplier interrupted) {
            events.add("pass");
            if (failure != null) {
                throw failure;
            }
            while (untilInterrupted && !interrupted.getAsBoolean()) {
                Thread.onSpinWait();
            }
            return false;
        }

        @Override
        public void close() {
            events.add("close");
            closed.countDown();
        }
    }
}

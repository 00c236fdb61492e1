package io.inkstream.systemtests.security;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaFuture;
import org.awaitility.Awaitility;

/** Waits for what was asked of the brokers. */
final class Kafka {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private Kafka() {}

    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for what the brokers take over from the controller a moment later. */
    static void awaitUntil(BooleanSupplier condition) {
        Awaitility.await().atMost(TIMEOUT).until(condition::getAsBoolean);
    }
}

package io.inkstream.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.checkpoints.TransactionTimeout;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommitRetriesTest {

    private final CommitRetries retries = new CommitRetries(new TransactionTimeout(1_000));

    @Test
    void eachFailureDoublesThePauseUpToAMinute() {
        // Given, When, Then
        assertThat(pause()).hasSeconds(1);
        retries.failed();
        assertThat(pause()).hasSeconds(1);
        retries.failed();
        assertThat(pause()).hasSeconds(2);
        for (int i = 0; i < 100; i++) {
            retries.failed();
        }
        assertThat(pause()).hasSeconds(64);

        // When
        retries.succeeded();

        // Then
        assertThat(pause()).hasSeconds(1);
    }

    @Test
    void aLargeCheckpointExtendsTheTimeoutOnce() {
        // Given, When, Then
        assertThat(retries.extendFor(500_000)).isFalse();
        assertThat(retries.extendFor(3_000_000)).isTrue();
        assertThat(retries.timeout()).isEqualTo(new TransactionTimeout(4_000));
        assertThat(retries.extendFor(3_000_000)).isFalse();
        assertThat(retries.extendFor(500_000)).isFalse();
    }

    @Test
    void aCheckpointThatTakesTooLongIsGivenMoreTimeUntilTheBrokerAllowsNoMore() {
        // Given a broker that allows two seconds
        TransactionTimeout limit = new TransactionTimeout(2_000);

        // When, Then
        assertThat(retries.timedOut(new TransactionTimeout(1_000))).isFalse();
        assertThat(retries.timedOut(limit)).isFalse();
        assertThat(retries.timeout()).isEqualTo(new TransactionTimeout(4_000));

        // And the third failure is the last
        assertThat(retries.timedOut(limit)).isTrue();
        assertThat(pause()).hasSeconds(1);
    }

    private Duration pause() {
        return Duration.ofNanos(retries.pauseNanos());
    }
}

package io.inkstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TrainingViewTest {

    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private final TrainingView view = new TrainingView();

    @Test
    void knowsNothingAtFirst() {
        assertThat(view.newest()).isEmpty();
        assertThat(view.fraction()).isZero();
        assertThat(view.remaining()).isEmpty();
        assertThat(view.averageTokensPerSecond()).isEmpty();
    }

    @Test
    void countsWithinAnEpoch() {
        // Given: 10 epochs of 1,000 tokens, 4 of them done
        view.add(progress(ProgressKind.EPOCH, 4, 6, 4_000, 40));

        // When
        view.add(progress(ProgressKind.LIVE, 4, 6, 4_500, 45));

        // Then
        assertThat(view.epochs()).isEqualTo(10);
        assertThat(view.fraction()).isCloseTo(0.45, within(1e-9));
        assertThat(view.remaining()).contains(Duration.ofSeconds(55));
        assertThat(view.averageTokensPerSecond()).hasValue(100);
    }

    @Test
    void isCompleteInTheEnd() {
        view.add(progress(ProgressKind.EPOCH, 10, 0, 10_000, 100));
        assertThat(view.fraction()).isEqualTo(1);
        assertThat(view.remaining()).contains(Duration.ZERO);
    }

    private static TrainingProgress progress(
            ProgressKind kind, int epoch, int epochsLeft, long tokensTrained, long seconds) {
        return TrainingProgress.newBuilder()
                .setKind(kind)
                .setState(TrainingState.TRAINING)
                .setEpoch(epoch)
                .setEpochsLeft(epochsLeft)
                .setStep(1)
                .setEpochTokens(1_000)
                .setKnownTokens(1_000)
                .setTokensTrained(tokensTrained)
                .setVocabularySize(28)
                .setTokensPerSecond(100)
                .setDevice("cpu")
                .setAt(START.plusSeconds(seconds))
                .build();
    }
}

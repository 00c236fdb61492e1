package io.inkstream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.client.TrainingHistory.Epoch;
import io.inkstream.client.TrainingHistory.Training;
import io.inkstream.lessons.plots.PerplexityPlot.Line;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingLinesTest {

    @Test
    void drawsHeldOutTextWhereSomeWasHeldOut() {
        // Given: held out from the second epoch on, and burst in the third
        Training training = new Training(List.of(epoch(1, 20.0, null), epoch(2, 15.0, 17.0), epoch(3, null, null)));

        // When
        List<Line> lines = TrainingLines.of(training, "seed 1", "seed 1, held out");

        // Then
        assertThat(lines).extracting(Line::name).containsExactly("seed 1", "seed 1, held out");
        assertThat(lines).extracting(Line::heldOut).containsExactly(false, true);
        assertThat(lines.get(0).epochs()).containsExactly(1, 2, 3);
        assertThat(lines.get(0).perplexities()).containsExactly(20, 15, Double.NaN);
        assertThat(lines.get(1).perplexities()).containsExactly(Double.NaN, 17, Double.NaN);
    }

    @Test
    void drawsOneLineWhereNothingWas() {
        assertThat(TrainingLines.of(new Training(List.of(epoch(1, 20.0, null))), "training", "validation"))
                .extracting(Line::name)
                .containsExactly("training");
    }

    private static Epoch epoch(int number, Double perplexity, Double validation) {
        return new Epoch(number, perplexity, validation, 100_000, Instant.EPOCH);
    }
}

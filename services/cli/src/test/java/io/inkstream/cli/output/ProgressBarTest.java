package io.inkstream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

    @Test
    void showsTheFractionInEighthsOfACharacter() {
        assertThat(ProgressBar.line(0, "x", 21)).isEqualTo("  0 % ▕          ▏  x");
        assertThat(ProgressBar.line(0.43, "x", 21)).isEqualTo(" 43 % ▕████▎     ▏  x");
        assertThat(ProgressBar.line(1, "x", 21)).isEqualTo("100 % ▕██████████▏  x");
    }

    @Test
    void neverSaysDoneBeforeTheEnd() {
        assertThat(ProgressBar.line(0.9999, "", 30)).startsWith(" 99 %");
    }

    @Test
    void staysWithinItsWidthAndBounds() {
        for (double fraction : new double[] {-1, 0, 0.5, 1, 7, Double.NaN}) {
            assertThat(ProgressBar.line(fraction, "epoch 215/500  perplexity 3.2", 40)
                            .length())
                    .isLessThanOrEqualTo(40);
        }
    }

    @Test
    void roundsTimes() {
        assertThat(ProgressBar.roughly(Duration.ofMillis(25_600))).isEqualTo("26 s");
        assertThat(ProgressBar.roughly(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
        assertThat(ProgressBar.roughly(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
        assertThat(ProgressBar.left(Optional.empty())).isEmpty();
        assertThat(ProgressBar.left(Optional.of(Duration.ofMillis(300)))).isEmpty();
        assertThat(ProgressBar.left(Optional.of(Duration.ofSeconds(3)))).isEqualTo("3 s left");
    }
}

package io.inkstream.languagemodel.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ActivationsTest {

    @Test
    void tanhIsExactToOneUnitInTheLastPlace() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            // Given magnitudes from 1e-9 to 30
            float x = (float) (Math.pow(10, random.nextDouble() * 10.5 - 9) * (random.nextBoolean() ? 1 : -1));

            // When
            float tanh = Activations.tanh(x);

            // Then
            float expected = (float) StrictMath.tanh(x);
            assertThat(Math.abs(tanh - expected)).as("x = %s", x).isLessThanOrEqualTo(Math.ulp(expected));
        }
    }

    @Test
    void activationsReachTheirLimits() {
        assertThat(Activations.tanh(1000)).isEqualTo(1);
        assertThat(Activations.tanh(-1000)).isEqualTo(-1);
        assertThat(Activations.tanh(Float.NaN)).isNaN();
        assertThat(Activations.sigmoid(1000)).isEqualTo(1);
        assertThat(Activations.sigmoid(-1000)).isEqualTo(0);
        assertThat(Activations.sigmoid(0)).isEqualTo(0.5f);
        assertThat(Activations.relu(-3)).isEqualTo(0);
        assertThat(Activations.relu(3)).isEqualTo(3);
        assertThat(Activations.relu(Float.NaN)).isNaN();
    }
}

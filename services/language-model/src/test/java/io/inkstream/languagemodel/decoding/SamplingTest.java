package io.inkstream.languagemodel.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplingTest {

    private static final int DRAWS = 200_000;
    /** The unknown token first, with the highest logit, so that choosing it would be noticed. */
    private static final float[] LOGITS = {9, 1, 3, -2, 0.5f, 2};

    @Test
    void theMostProbableTokenIsTheLowestOfEquals() {
        assertThat(Sampling.mostProbable(LOGITS)).isEqualTo(2);
        assertThat(Sampling.mostProbable(new float[] {5, 1, 4, 4})).isEqualTo(2);
        assertThat(Sampling.mostProbable(new float[] {5, -0f, 0f})).isEqualTo(1);
        assertThat(Sampling.mostProbable(new float[] {5, -7})).isEqualTo(1);
    }

    @Test
    void frequenciesAreThoseOfTheSoftmax() {
        for (double temperature : new double[] {0.5, 1, 2}) {
            // When
            double[] frequencies = frequencies(LOGITS, options(temperature, 0, 1));

            // Then
            double sum = 0;
            for (int id = 1; id < LOGITS.length; id++) {
                sum += Math.exp(LOGITS[id] / temperature);
            }
            assertThat(frequencies[0]).isZero();
            for (int id = 1; id < LOGITS.length; id++) {
                assertThat(frequencies[id]).isCloseTo(Math.exp(LOGITS[id] / temperature) / sum, within(0.005));
            }
        }
    }

    @Test
    void topKKeepsTheMostProbableInTheirProportion() {
        // When
        double[] frequencies = frequencies(LOGITS, options(1, 2, 1));

        // Then
        double share = Math.exp(3) / (Math.exp(3) + Math.exp(2));
        assertThat(frequencies[2]).isCloseTo(share, within(0.005));
        assertThat(frequencies[5]).isCloseTo(1 - share, within(0.005));
        assertThat(frequencies[2] + frequencies[5]).isCloseTo(1, within(1e-9));
    }

    @Test
    void topKOfOneAndATinyTopPAreGreedy() {
        for (double uniform : new double[] {0, 0.3, 0.999999}) {
            assertThat(Sampling.draw(LOGITS, options(5, 1, 1), uniform)).isEqualTo(2);
            assertThat(Sampling.draw(LOGITS, options(5, 0, 1e-9), uniform)).isEqualTo(2);
        }
    }

    @Test
    void topPKeepsTheFewestTokensThatReachTheShare() {
        // Given probabilities 0.5, 0.3, 0.15, 0.05 for the tokens 3, 1, 4, 2
        float[] logits = {0, log(0.3), log(0.05), log(0.5), log(0.15)};

        // When / Then
        assertThat(drawn(logits, options(1, 0, 0.49))).containsExactly(3);
        assertThat(drawn(logits, options(1, 0, 0.51))).containsExactly(1, 3);
        assertThat(drawn(logits, options(1, 0, 0.79))).containsExactly(1, 3);
        assertThat(drawn(logits, options(1, 0, 0.81))).containsExactly(1, 3, 4);
        assertThat(drawn(logits, options(1, 0, 0.96))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void topPIsAShareOfWhatTopKLeaves() {
        // Given: of the two that are kept, token 3 has 0.5 / 0.8
        float[] logits = {0, log(0.3), log(0.05), log(0.5), log(0.15)};

        // When / Then
        assertThat(drawn(logits, options(1, 2, 0.6))).containsExactly(3);
        assertThat(drawn(logits, options(1, 2, 0.65))).containsExactly(1, 3);
    }

    @Test
    void ofEqualTokensTopKKeepsThoseWithTheLowerId() {
        assertThat(drawn(new float[] {1, 1, 1, 1, 1}, options(1, 2, 1))).containsExactly(1, 2);
        assertThat(drawn(new float[] {1, -1, 0f, -0f, -1}, options(1, 3, 1))).containsExactly(1, 2, 3);
    }

    @Test
    void aTemperatureNearZeroIsGreedyAndAHighOneIsUniform() {
        // When
        double[] cold = frequencies(LOGITS, options(1e-300, 0, 1));
        double[] hot = frequencies(LOGITS, options(1e300, 0, 1));

        // Then
        assertThat(cold[2]).isEqualTo(1);
        for (int id = 1; id < LOGITS.length; id++) {
            assertThat(hot[id]).isCloseTo(0.2, within(0.005));
        }
    }

    @Test
    void aTokenOfProbabilityZeroIsNeverDrawn() {
        // Given
        float[] logits = {0, 0, -5000, 0, -5000};

        // When / Then
        assertThat(Sampling.draw(logits, options(1, 0, 1), 0)).isEqualTo(1);
        assertThat(Sampling.draw(logits, options(1, 0, 1), Math.nextDown(1.0))).isEqualTo(3);
        assertThat(drawn(logits, options(1, 0, 1))).containsExactly(1, 3);
    }

    @Test
    void detectsLogitsThatAreNotFinite() {
        assertThat(Sampling.possible(LOGITS)).isTrue();
        assertThat(Sampling.possible(new float[] {0, 1, Float.NaN})).isFalse();
        assertThat(Sampling.possible(new float[] {0, Float.POSITIVE_INFINITY})).isFalse();
    }

    private static float log(double probability) {
        return (float) Math.log(probability);
    }

    private static DecodingOptions options(double temperature, int topK, double topP) {
        return new DecodingOptions(1, temperature, topK, topP, List.of(), 0);
    }

    private static double[] frequencies(float[] logits, DecodingOptions options) {
        Random random = new Random(42);
        int[] counts = new int[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[Sampling.draw(logits, options, random.nextDouble())]++;
        }
        return Arrays.stream(counts)
                .mapToDouble(count -> count / (double) DRAWS)
                .toArray();
    }

    private static List<Integer> drawn(float[] logits, DecodingOptions options) {
        Random random = new Random(42);
        return random.doubles(20_000)
                .mapToObj(uniform -> Sampling.draw(logits, options, uniform))
                .distinct()
                .sorted()
                .toList();
    }
}

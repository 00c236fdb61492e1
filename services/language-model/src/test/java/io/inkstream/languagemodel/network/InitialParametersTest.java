package io.inkstream.languagemodel.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitialParametersTest {

    private static final ModelShape LSTM = new ModelShape(Cell.LSTM, 2, 32, 0, 40);

    @Test
    void pyTorchsWeightsAreUniformWithinTheInverseRootOfTheHiddenSize() {
        // When
        Map<String, Tensor> parameters = InitialParameters.of(LSTM, Initialization.PYTORCH, 1);

        // Then
        float bound = (float) (1 / Math.sqrt(32));
        parameters.forEach((name, tensor) -> {
            assertThat(largest(tensor)).as(name).isLessThanOrEqualTo(bound);
            assertThat(deviation(tensor)).as(name).isCloseTo(bound / Math.sqrt(3), within(0.3 * bound));
        });
    }

    @Test
    void normalInitializationHasNormalWeightsAndZeroBiases() {
        // When
        Map<String, Tensor> parameters =
                InitialParameters.of(new ModelShape(Cell.RNN_TANH, 1, 64, 8, 40), Initialization.NORMAL, 1);

        // Then
        parameters.forEach((name, tensor) -> {
            if (name.contains("bias")) {
                assertThat(tensor.values()).as(name).containsOnly(0);
            } else {
                assertThat(deviation(tensor)).as(name).isCloseTo(0.01, within(0.001));
            }
        });
    }

    @Test
    void kerasWeightsAreGlorotUniformAndItsRecurrentOnesOrthogonal() {
        // When
        Map<String, Tensor> parameters = InitialParameters.of(LSTM, Initialization.KERAS, 1);

        // Then
        double bound = Math.sqrt(6.0 / (40 + 4 * 32));
        assertThat(largest(parameters.get("rnn.weight_ih_l0"))).isLessThanOrEqualTo((float) bound);
        assertThat(deviation(parameters.get("rnn.weight_ih_l0"))).isCloseTo(bound / Math.sqrt(3), within(0.01));
        assertThat(parameters.get("linear.bias").values()).containsOnly(0);
        assertThat(parameters.get("rnn.bias_hh_l1").values()).containsOnly(0);

        // Then the columns of (gates·H, H) are orthonormal
        float[] recurrent = parameters.get("rnn.weight_hh_l1").values();
        for (int a = 0; a < 32; a++) {
            for (int b = 0; b < 32; b++) {
                double product = 0;
                for (int row = 0; row < 4 * 32; row++) {
                    product += (double) recurrent[row * 32 + a] * recurrent[row * 32 + b];
                }
                assertThat(product).isCloseTo(a == b ? 1 : 0, within(1e-6));
            }
        }

        // Then the forget gate, the second, starts open
        float[] bias = parameters.get("rnn.bias_ih_l0").values();
        for (int i = 0; i < bias.length; i++) {
            assertThat(bias[i]).isEqualTo(i >= 32 && i < 64 ? 1f : 0f);
        }
    }

    @ParameterizedTest
    @EnumSource(Initialization.class)
    void growthKeepsLearnedValues(Initialization initialization) {
        // Given
        Map<String, Tensor> small = InitialParameters.of(LSTM.withVocabulary(30), initialization, 5);

        // When
        Map<String, Tensor> grown = InitialParameters.grow(small, LSTM, initialization, 5);

        // Then
        LSTM.check(grown);
        assertThat(grown.get("rnn.weight_hh_l0")).isEqualTo(small.get("rnn.weight_hh_l0"));
        float[] before = small.get("linear.weight").values();
        assertThat(grown.get("linear.weight").values()).startsWith(before);

        // Then the rest has the values that it would have had from the start, the columns of one-hot input included
        Map<String, Tensor> fromTheStart = InitialParameters.of(LSTM, initialization, 5);
        assertThat(grown.get("linear.weight").values())
                .endsWith(tail(fromTheStart.get("linear.weight").values(), 10 * 32));
        assertThat(grown.get("linear.bias").values())
                .endsWith(tail(fromTheStart.get("linear.bias").values(), 10));
        float[] input = grown.get("rnn.weight_ih_l0").values();
        for (int row = 0; row < 4 * 32; row++) {
            for (int id = 0; id < 40; id++) {
                float expected = id < 30
                        ? small.get("rnn.weight_ih_l0").values()[row * 30 + id]
                        : fromTheStart.get("rnn.weight_ih_l0").values()[row * 40 + id];
                assertThat(input[row * 40 + id]).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Initialization.class)
    void anEmbeddingGrowsByTheRowsItWouldHaveHadFromTheStart(Initialization initialization) {
        // Given
        ModelShape shape = new ModelShape(Cell.GRU, 1, 16, 6, 40);
        Map<String, Tensor> small = InitialParameters.of(shape.withVocabulary(30), initialization, 5);

        // When
        Map<String, Tensor> grown = InitialParameters.grow(small, shape, initialization, 5);

        // Then
        assertThat(grown.get("embedding.weight"))
                .isEqualTo(InitialParameters.of(shape, initialization, 5).get("embedding.weight"));
        assertThat(grown.get("rnn.weight_ih_l0")).isEqualTo(small.get("rnn.weight_ih_l0"));
    }

    @Test
    void aNetworkWhoseHiddenStateIsItsLogitsFitsOneVocabulary() {
        // When
        ModelShape shape = new ModelShape(Cell.RNN_TANH, 1, 4, 0, 5, Output.HIDDEN);

        // Then
        assertThat(shape.parameterShapes()).doesNotContainKeys("linear.weight", "linear.bias");
        assertThatThrownBy(() -> shape.withVocabulary(6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("as many hidden units as tokens: 5, not 4");
    }

    private static float[] tail(float[] values, int length) {
        return Arrays.copyOfRange(values, values.length - length, values.length);
    }

    private static float largest(Tensor tensor) {
        float largest = 0;
        for (float value : tensor.values()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double deviation(Tensor tensor) {
        double squares = 0;
        for (float value : tensor.values()) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / tensor.values().length);
    }
}

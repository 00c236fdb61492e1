package io.inkstream.languagemodel.bptt;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.kernels.Kernels;
import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.engine.ForwardPass;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.settings.OptimizerRule;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrozenNetworkTest {

    private static final int TOKENS = 50;

    @ParameterizedTest
    @CsvSource({
        "RNN_TANH, 1, 40, 0, 28",
        "RNN_RELU, 1, 33, 0, 28",
        "GRU, 2, 20, 7, 70",
        "LSTM, 1, 64, 0, 33",
        "LSTM, 2, 10, 5, 12"
    })
    void theLossOfATextIsThatOfTheNetworkThatIsTrainedToTheBit(
            Cell cell, int layers, int hidden, int embedding, int vocabulary) {
        // Given a network and a text
        ModelShape shape = new ModelShape(cell, layers, hidden, embedding, vocabulary);
        NetworkState state = NetworkState.initial(shape, Initialization.PYTORCH, 5);
        long[] text = new Random(1).longs(TOKENS + 1, 0, vocabulary).toArray();

        // When the engine evaluates it in one window, and a frozen network token by token
        double evaluated;
        try (BpttNetwork network = new JavaEngine(2).newNetwork(state, OptimizerRule.SGD);
                ForwardPass pass = network.forwardPass(1)) {
            evaluated = pass.crossEntropy(Arrays.copyOf(text, TOKENS), Arrays.copyOfRange(text, 1, TOKENS + 1));
        }
        FrozenNetwork frozen = new FrozenNetwork(shape, state.parameters());
        TimeStep step = frozen.timeStep();
        float[] carried = new float[frozen.stateSize()];
        float[] logits = new float[vocabulary];
        double sum = 0;
        double product = 1;
        for (int i = 0; i < TOKENS; i++) {
            step.set(0, carried, (int) text[i]);
            step.computeStates(1);
            step.computeLogits(1);
            step.getState(0, carried);
            step.getLogits(0, logits);
            float[] exponentials = Arrays.copyOf(logits, Matrix.padded(vocabulary));
            Arrays.fill(exponentials, vocabulary, exponentials.length, OutputLayer.PADDING);
            product *= sumOfExponentials(exponentials);
            sum += (double) maximum(logits) - logits[(int) text[i + 1]];
        }

        // Then
        assertThat(sum + StrictMath.log(product)).isEqualTo(evaluated);
    }

    private static float maximum(float[] logits) {
        float maximum = logits[0];
        for (float logit : logits) {
            maximum = Math.max(maximum, logit);
        }
        return maximum;
    }

    private static float sumOfExponentials(float[] row) {
        Kernels kernels = Kernels.ofThisProcessor();
        int panels = row.length / Matrix.PANEL;
        float maximum = kernels.rowMaximum(row, 0, Matrix.PANEL, panels);
        kernels.rowExponentials(row, 0, Matrix.PANEL, panels, maximum);
        return kernels.rowSum(row, 0, Matrix.PANEL, panels);
    }
}

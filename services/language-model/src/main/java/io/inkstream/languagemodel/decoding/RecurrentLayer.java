package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NamedTensors;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Map;

/**
 * One recurrent layer, one time step at a time. The equations are those of <a
 * href="https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html">torch.nn.RNN</a>, <a
 * href="https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html">GRU</a> and <a
 * href="https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html">LSTM</a>, with the gates in their order.
 */
final class RecurrentLayer {

    private final int layer;
    private final Cell cell;
    private final int units;
    private final WeightRows input;
    private final WeightRows recurrent;
    /** b_ih + b_hh; for a GRU b_ih alone. */
    private final float[] bias;
    /** b_hh of a GRU; empty for other cells. */
    private final float[] recurrentBias;

    RecurrentLayer(int layer, ModelShape shape, Map<String, Tensor> parameters) {
        this.layer = layer;
        this.cell = shape.cell();
        this.units = shape.hidden();
        this.input = WeightRows.transposed(NamedTensors.get(parameters, "rnn.weight_ih_l" + layer));
        this.recurrent = WeightRows.transposed(NamedTensors.get(parameters, "rnn.weight_hh_l" + layer));
        float[] inputBias =
                NamedTensors.get(parameters, "rnn.bias_ih_l" + layer).values();
        float[] hiddenBias =
                NamedTensors.get(parameters, "rnn.bias_hh_l" + layer).values();
        boolean apart = keepsRecurrentGatesApart(cell);
        this.bias = apart ? inputBias.clone() : sum(inputBias, hiddenBias);
        this.recurrentBias = apart ? hiddenBias.clone() : new float[0];
    }

    /** True for the cell whose reset gate scales the contribution of the hidden state, biases included. */
    static boolean keepsRecurrentGatesApart(Cell cell) {
        return cell == Cell.GRU;
    }

    /**
     * Starts the gates of one lane with the biases and one-hot input.
     *
     * @param token index of the input that is one
     */
    void startGates(RecurrentState state, int token) {
        float[] gates = state.gates;
        float[] row = input.row(token);
        for (int j = 0; j < gates.length; j++) {
            gates[j] = bias[j] + row[j];
        }
    }

    /**
     * Starts the gates of each lane with the biases and dense input.
     *
     * @param inputs (B, input size)
     */
    void startGates(RecurrentState[] states, float[][] gates, float[][] inputs) {
        for (RecurrentState state : states) {
            System.arraycopy(bias, 0, state.gates, 0, bias.length);
        }
        input.addProducts(gates, inputs, states.length);
    }

    /**
     * Completes the gates from the hidden states and advances every lane by one time step.
     *
     * @param states of the lanes, with {@link RecurrentState#gates} started
     * @param gates the same arrays (B, gates·H)
     */
    void advance(RecurrentState[] states, float[][] gates) {
        float[][] hidden = new float[states.length][];
        float[][] sums = gates;
        if (keepsRecurrentGatesApart(cell)) {
            sums = new float[states.length][];
        }
        for (int lane = 0; lane < states.length; lane++) {
            hidden[lane] = states[lane].hidden[layer];
            if (keepsRecurrentGatesApart(cell)) {
                sums[lane] = states[lane].recurrentGates;
                System.arraycopy(recurrentBias, 0, sums[lane], 0, recurrentBias.length);
            }
        }
        recurrent.addProducts(sums, hidden, states.length);
        for (RecurrentState state : states) {
            switch (cell) {
                case RNN_TANH -> tanh(state);
                case RNN_RELU -> relu(state);
                case GRU -> gru(state);
                case LSTM -> lstm(state);
            }
        }
    }

    private void tanh(RecurrentState state) {
        float[] hidden = state.hidden[layer];
        for (int j = 0; j < units; j++) {
            hidden[j] = Activations.tanh(state.gates[j]);
        }
    }

    private void relu(RecurrentState state) {
        float[] hidden = state.hidden[layer];
        for (int j = 0; j < units; j++) {
            hidden[j] = Activations.relu(state.gates[j]);
        }
    }

    private void gru(RecurrentState state) {
        float[] hidden = state.hidden[layer];
        float[] x = state.gates;
        float[] h = state.recurrentGates;
        for (int j = 0; j < units; j++) {
            float reset = Activations.sigmoid(x[j] + h[j]);
            float update = Activations.sigmoid(x[units + j] + h[units + j]);
            float candidate = Activations.tanh(x[2 * units + j] + reset * h[2 * units + j]);
            hidden[j] = (1 - update) * candidate + update * hidden[j];
        }
    }

    private void lstm(RecurrentState state) {
        float[] hidden = state.hidden[layer];
        float[] cells = state.cell[layer];
        float[] gates = state.gates;
        for (int j = 0; j < units; j++) {
            float in = Activations.sigmoid(gates[j]);
            float forget = Activations.sigmoid(gates[units + j]);
            float candidate = Activations.tanh(gates[2 * units + j]);
            float out = Activations.sigmoid(gates[3 * units + j]);
            cells[j] = forget * cells[j] + in * candidate;
            hidden[j] = out * Activations.tanh(cells[j]);
        }
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sum = new float[a.length];
        for (int j = 0; j < sum.length; j++) {
            sum[j] = a[j] + b[j];
        }
        return sum;
    }
}

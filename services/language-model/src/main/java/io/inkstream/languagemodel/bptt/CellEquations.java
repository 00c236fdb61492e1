package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import io.inkstream.languagemodel.network.Cell;

/**
 * The equations of a recurrent cell at one time step, forward and backward, for 32 units of some lanes.
 *
 * <p>What goes into the gates is computed before: x W_ihᵀ + b_ih + h W_hhᵀ + b_hh, in blocks of H columns. A cell says which
 * block belongs to which gate: products with the input go to the last blocks, products with the hidden state to the first.
 * For most cells these are the same blocks; a GRU keeps both parts of its candidate apart.
 */
interface CellEquations {

    /** The equations of a cell. */
    static CellEquations of(Cell cell) {
        return switch (cell) {
            case RNN_TANH -> new TanhCell();
            case RNN_RELU -> new ReluCell();
            case GRU -> new GruCell();
            case LSTM -> new LstmCell();
        };
    }

    /** Blocks of H columns. */
    int blocks();

    /** The block to which the input's product for a gate is added; gates are numbered as in PyTorch. */
    default int inputBlock(int gate) {
        return gate;
    }

    /** The block to which the hidden state's product for a gate is added. */
    default int recurrentBlock(int gate) {
        return gate;
    }

    /** From what goes into the gates to their values and to the state after the time step. */
    void forward(Kernels kernels, float[] m, Frame at);

    /**
     * From the gradient of the state after the time step to that of what goes into the gates, in whose place it is left; and
     * to the part of the gradient of the state before that does not pass through the gates.
     */
    void backward(Kernels kernels, float[] m, Frame at);
}

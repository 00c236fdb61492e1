package io.inkstream.languagemodel.network;

/** The recurrent cells, with the equations of torch.nn.RNN, GRU and LSTM. */
public enum Cell {
    /** h' = tanh(W_ih x + b_ih + W_hh h + b_hh). */
    RNN_TANH(1),
    /** h' = relu(W_ih x + b_ih + W_hh h + b_hh). */
    RNN_RELU(1),
    /** Gates in the order reset, update, new. */
    GRU(3),
    /** Gates in the order input, forget, cell, output. */
    LSTM(4);

    private final int gates;

    Cell(int gates) {
        this.gates = gates;
    }

    /** How many blocks of {@code hidden} rows its weights have. */
    public int gates() {
        return gates;
    }

    /** True when it carries a cell state beside the hidden state. */
    public boolean hasCellState() {
        return this == LSTM;
    }
}

package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Matrix;

/**
 * Where the equations of a cell find their operands: 32 units of some lanes at one time step. Each is the index of the first
 * of {@link #elements} elements. Mutable, so that a step allocates nothing.
 */
final class Frame {

    /** Lanes times 32. */
    int elements;

    /** The hidden state before the time step. */
    int hiddenBefore;
    /** The hidden state after it. */
    int hiddenAfter;
    /** The cell state before it; LSTM only. */
    int cellBefore;
    /** The cell state after it; LSTM only. */
    int cellAfter;
    /** tanh of the cell state after it; LSTM only. */
    int cellTanh;
    /** The gradient of the hidden state after the time step. */
    int gradient;
    /** The gradient of the hidden state before it, to which a cell adds what does not pass through the gates; -1 at the first. */
    int gradientBefore;
    /** The gradient of the cell state: read as that after the time step, left as that before it; LSTM only. */
    int cellGradient;

    private int gates;
    private int gateStride;
    private int scratch;

    /** Points to a panel of units. */
    void moveTo(Activations activations, LayerActivations layer, Block block, int timeStep, int panel) {
        int lanes = activations.paddedLanes();
        int row = activations.firstRow(timeStep, block);
        Matrix hidden = layer.hidden();
        elements = block.lanes() * Matrix.PANEL;
        hiddenBefore = hidden.index(panel, row);
        hiddenAfter = hidden.index(panel, row + lanes);
        gates = layer.gates().index(panel, row);
        gateStride = hidden.panels() * layer.gates().panelSize();
        gradient = activations.gradient().index(panel, row);
        gradientBefore = timeStep == 0 ? -1 : activations.gradient().index(panel, row - lanes);
        scratch = block.scratch().at();
        if (layer.cell().rows() > 0) {
            cellBefore = layer.cell().index(panel, row);
            cellAfter = layer.cell().index(panel, row + lanes);
            cellTanh = layer.cellTanh().index(panel, row);
            cellGradient = block.cellGradient().panel(panel);
        }
    }

    /** A block of the gates. */
    int gate(int block) {
        return gates + block * gateStride;
    }

    /** An intermediate result, 0 to 2. */
    int scratch(int number) {
        return scratch + number * elements;
    }
}

package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.network.ModelShape;

/** The state that one request carries from token to token, and the buffers of its forward step. */
final class RecurrentState {

    /** The hidden state of each layer (layers, H). */
    final float[][] hidden;
    /** The cell state of each layer (layers, H); no rows when the cell has none. */
    final float[][] cell;
    /** Gate inputs (gates·H) of the layer being computed. */
    final float[] gates;
    /** The hidden state's contribution to them (gates·H), which a GRU needs separately; empty for other cells. */
    final float[] recurrentGates;
    /** The logits (V) after the last forward step. */
    final float[] logits;

    /** The zero state. */
    RecurrentState(ModelShape shape) {
        int gates = shape.cell().gates() * shape.hidden();
        hidden = new float[shape.layers()][shape.hidden()];
        cell = new float[shape.cell().hasCellState() ? shape.layers() : 0][shape.hidden()];
        this.gates = new float[gates];
        recurrentGates = new float[RecurrentLayer.keepsRecurrentGatesApart(shape.cell()) ? gates : 0];
        logits = new float[shape.vocabulary()];
    }
}

package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.network.ModelShape;

/** What one request carries from token to token, and the room that its forward step works in. */
final class RecurrentState {

    /** The hidden state of each layer (layers, H). */
    final float[][] hidden;
    /** The cell state of each layer (layers, H); without rows when the cell has none. */
    final float[][] cell;
    /** Gate inputs (gates·H) of the layer being computed. */
    final float[] gates;
    /** What the hidden state contributes to them (gates·H), which a GRU needs apart; empty for other cells. */
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

package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.bptt.FrozenNetwork;

/**
 * What one request carries from token to token.
 *
 * @param carried the network's state after the last token
 * @param logits the logits (V) after the last token whose logits were computed
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record RecurrentState(float[] carried, float[] logits) {

    /** The state before the first token. */
    RecurrentState(FrozenNetwork network) {
        this(new float[network.stateSize()], new float[network.shape().vocabulary()]);
    }
}

package io.inkstream.languagemodel.network;

/** Where a network's logits come from. */
public enum Output {
    /** A linear layer turns the last layer's hidden state into logits. */
    LINEAR,
    /** The last layer's hidden state is the logits of the tokens 1, 2, …; {@code <unk>} is never predicted. */
    HIDDEN
}

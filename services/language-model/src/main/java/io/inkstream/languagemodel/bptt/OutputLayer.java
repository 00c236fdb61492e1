package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import java.util.List;

/** How the hidden states of the last recurrent layer become logits. */
interface OutputLayer {

    /** The logit of columns that stand for no token: their probability is zero, and so is their gradient. */
    float PADDING = -1e30f;

    /**
     * Computes the logits of a block.
     */
    void forward(Kernels kernels, Activations activations, Block block);

    /** Computes the gradient of the hidden states of a block, at all time steps, from that of the logits. */
    void backward(Kernels kernels, Activations activations, Block block);

    /** Its parameters. */
    List<Parameter> parameters();
}

package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;
import java.util.List;

/** How its input enters a recurrent layer. */
interface LayerInput {

    /** Starts the gates of a block, at all time steps, with the biases and the product of the input. */
    void forward(Kernels kernels, Activations activations, Block block);

    /** Computes the gradient of the input of a block from that of the gates, at all time steps, if anything needs it. */
    void backward(Kernels kernels, Activations activations, Block block);

    /** Its parameters. */
    List<Parameter> parameters();
}

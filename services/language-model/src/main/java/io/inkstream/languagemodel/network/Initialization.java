package io.inkstream.languagemodel.network;

/** The distribution of a network's first parameters. */
public enum Initialization {
    /** Uniform in ±1/√H; the embedding standard normal: the defaults of PyTorch's modules. */
    PYTORCH,
    /** Weights normal with standard deviation 0.01, biases zero: the networks from scratch in teaching books. */
    NORMAL,
    /**
     * Input and output weights Glorot uniform, recurrent weights orthogonal, biases zero, the embedding uniform in
     * ±0.05: the defaults of Keras' layers.
     */
    KERAS
}

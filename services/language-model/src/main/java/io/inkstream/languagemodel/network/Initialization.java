package io.inkstream.languagemodel.network;

/** The distribution of a network's initial parameters. */
public enum Initialization {
    /** Uniform in ±1/√H; the embedding standard normal: the defaults of PyTorch's modules. */
    PYTORCH,
    /** Weights normal with standard deviation 0.01, biases zero: the networks that textbooks build from scratch. */
    NORMAL,
    /**
     * Input and output weights Glorot uniform, recurrent weights orthogonal, biases zero, the embedding uniform in
     * ±0.05: the defaults of Keras' layers.
     */
    KERAS
}

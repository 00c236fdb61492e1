package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;

/**
 * h' = max(a, 0), a = W_ih x + b_ih + W_hh h + b_hh (<a
 * href="https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html">torch.nn.RNN</a>); backward da = dh' where h' > 0, else 0.
 */
final class ReluCell implements CellEquations {

    @Override
    public int blocks() {
        return 1;
    }

    @Override
    public void forward(Kernels kernels, float[] m, Frame at) {
        kernels.relu(at.elements, m, at.gate(0), at.hiddenAfter);
    }

    @Override
    public void backward(Kernels kernels, float[] m, Frame at) {
        kernels.reluGradient(at.elements, m, at.hiddenAfter, at.gradient, at.gate(0));
    }
}

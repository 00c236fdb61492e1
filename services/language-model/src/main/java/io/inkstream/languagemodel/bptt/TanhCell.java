package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;

/**
 * h' = tanh(a), a = W_ih x + b_ih + W_hh h + b_hh (Elman 1990, <a
 * href="https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html">torch.nn.RNN</a>); backward da = dh' (1 - h'²).
 */
final class TanhCell implements CellEquations {

    @Override
    public int blocks() {
        return 1;
    }

    @Override
    public void forward(Kernels kernels, float[] m, Frame at) {
        kernels.tanh(at.elements, m, at.gate(0), at.hiddenAfter);
    }

    @Override
    public void backward(Kernels kernels, float[] m, Frame at) {
        kernels.tanhGradient(at.elements, m, at.hiddenAfter, at.gradient, at.gate(0));
    }
}

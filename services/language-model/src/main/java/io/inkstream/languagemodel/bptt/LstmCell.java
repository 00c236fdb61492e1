package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), as <a
 * href="https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html">torch.nn.LSTM</a> has it:
 *
 * <pre>
 *  i = σ(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)
 *  c' = f ⊙ c + i ⊙ g
 *  h' = o ⊙ tanh(c')
 * </pre>
 *
 * Backward, with dc' being what the later time steps contribute:
 *
 * <pre>
 *  do = dh' ⊙ tanh(c')                                da_o = do ⊙ o (1 - o)
 *  dc' += dh' ⊙ o (1 - tanh²(c'))
 *  di = dc' ⊙ g    dg = dc' ⊙ i    df = dc' ⊙ c      da_i = di ⊙ i (1 - i)   da_f = df ⊙ f (1 - f)   da_g = dg (1 - g²)
 *  dc = dc' ⊙ f
 * </pre>
 */
final class LstmCell implements CellEquations {

    private static final int IN = 0;
    private static final int FORGET = 1;
    private static final int CANDIDATE = 2;
    private static final int OUT = 3;

    @Override
    public int blocks() {
        return 4;
    }

    @Override
    public void forward(Kernels kernels, float[] m, Frame at) {
        int n = at.elements;
        int in = at.gate(IN);
        int forget = at.gate(FORGET);
        int candidate = at.gate(CANDIDATE);
        int out = at.gate(OUT);
        kernels.sigmoid(n, m, in, in);
        kernels.sigmoid(n, m, forget, forget);
        kernels.tanh(n, m, candidate, candidate);
        kernels.sigmoid(n, m, out, out);
        kernels.multiply(n, m, in, candidate, at.cellAfter);
        kernels.multiplyAddElements(n, m, forget, at.cellBefore, at.cellAfter, at.cellAfter);
        kernels.tanh(n, m, at.cellAfter, at.cellTanh);
        kernels.multiply(n, m, out, at.cellTanh, at.hiddenAfter);
    }

    @Override
    public void backward(Kernels kernels, float[] m, Frame at) {
        int n = at.elements;
        int in = at.gate(IN);
        int forget = at.gate(FORGET);
        int candidate = at.gate(CANDIDATE);
        int out = at.gate(OUT);
        int cell = at.cellGradient;
        int ofOut = at.scratch(0);
        int throughOut = at.scratch(1);
        kernels.multiply(n, m, at.gradient, at.cellTanh, ofOut);
        kernels.multiply(n, m, at.gradient, out, throughOut);
        kernels.tanhGradient(n, m, at.cellTanh, throughOut, throughOut);
        kernels.add(n, m, cell, throughOut, cell);
        kernels.sigmoidGradient(n, m, out, ofOut, out);

        int ofIn = at.scratch(0);
        int ofCandidate = at.scratch(1);
        int ofForget = at.scratch(2);
        kernels.multiply(n, m, cell, candidate, ofIn);
        kernels.multiply(n, m, cell, in, ofCandidate);
        kernels.multiply(n, m, cell, at.cellBefore, ofForget);
        kernels.multiply(n, m, cell, forget, cell);
        kernels.sigmoidGradient(n, m, in, ofIn, in);
        kernels.sigmoidGradient(n, m, forget, ofForget, forget);
        kernels.tanhGradient(n, m, candidate, ofCandidate, candidate);
    }
}

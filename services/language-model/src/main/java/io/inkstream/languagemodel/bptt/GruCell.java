package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Kernels;

/**
 * The gated recurrent unit (Cho et al. 2014) in the variant of <a
 * href="https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html">torch.nn.GRU</a>, whose reset gate scales the
 * product with the hidden state, bias included:
 *
 * <pre>
 *  r = σ(a_r)   z = σ(a_z)   q = W_hn h + b_hn   n = tanh(x_n + r ⊙ q)
 *  h' = n + z ⊙ (h - n)
 * </pre>
 *
 * Backward:
 *
 * <pre>
 *  dz = dh' ⊙ (h - n)             da_z = dz ⊙ z (1 - z)
 *  dn = dh' - dh' ⊙ z             dx_n = dn (1 - n²)       dq = dx_n ⊙ r
 *  dr = dx_n ⊙ q                  da_r = dr ⊙ r (1 - r)
 *  dh += dh' ⊙ z
 * </pre>
 */
final class GruCell implements CellEquations {

    /** q, to which the hidden state alone contributes. */
    private static final int RECURRENT_CANDIDATE = 0;

    private static final int RESET = 1;
    private static final int UPDATE = 2;
    /** x_n, to which the input alone contributes, and then n. */
    private static final int CANDIDATE = 3;

    @Override
    public int blocks() {
        return 4;
    }

    /** PyTorch's order is r, z, n. */
    @Override
    public int inputBlock(int gate) {
        return RESET + gate;
    }

    @Override
    public int recurrentBlock(int gate) {
        return gate == 2 ? RECURRENT_CANDIDATE : RESET + gate;
    }

    @Override
    public void forward(Kernels kernels, float[] m, Frame at) {
        int n = at.elements;
        int reset = at.gate(RESET);
        int update = at.gate(UPDATE);
        int candidate = at.gate(CANDIDATE);
        kernels.sigmoid(n, m, reset, reset);
        kernels.sigmoid(n, m, update, update);
        kernels.multiplyAddElements(n, m, reset, at.gate(RECURRENT_CANDIDATE), candidate, candidate);
        kernels.tanh(n, m, candidate, candidate);
        kernels.subtract(n, m, at.hiddenBefore, candidate, at.hiddenAfter);
        kernels.multiplyAddElements(n, m, update, at.hiddenAfter, candidate, at.hiddenAfter);
    }

    @Override
    public void backward(Kernels kernels, float[] m, Frame at) {
        int n = at.elements;
        int reset = at.gate(RESET);
        int update = at.gate(UPDATE);
        int candidate = at.gate(CANDIDATE);
        int recurrent = at.gate(RECURRENT_CANDIDATE);
        int kept = at.scratch(0);
        int ofCandidate = at.scratch(1);
        int ofUpdate = at.scratch(2);
        kernels.multiply(n, m, at.gradient, update, kept);
        kernels.subtract(n, m, at.gradient, kept, ofCandidate);
        if (at.gradientBefore >= 0) {
            kernels.add(n, m, at.gradientBefore, kept, at.gradientBefore);
        }
        kernels.subtract(n, m, at.hiddenBefore, candidate, ofUpdate);
        kernels.multiply(n, m, at.gradient, ofUpdate, ofUpdate);
        kernels.sigmoidGradient(n, m, update, ofUpdate, update);
        kernels.tanhGradient(n, m, candidate, ofCandidate, candidate);

        int ofReset = at.scratch(0);
        kernels.multiply(n, m, candidate, recurrent, ofReset);
        kernels.multiply(n, m, candidate, reset, recurrent);
        kernels.sigmoidGradient(n, m, reset, ofReset, reset);
    }
}

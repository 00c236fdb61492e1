package io.inkstream.kernels;

import static io.inkstream.kernels.Matrix.PANEL;

import java.util.Arrays;

/**
 * The kernels on single numbers, for a JVM without the vector API or without fused multiply-adds; and what the kernels on
 * vector registers are compared with.
 */
final class ScalarKernels implements Kernels {

    /** A row of C while it is computed: the compiler can see that it is not part of A or B, and uses what registers there are. */
    private final float[] sums = new float[PANEL];

    private final float[] lanes = new float[Sixteen.LANES];

    @Override
    public void multiplyAdd(int rows, float[] m, int a, int aPanel, int panels, float[] w, int b, int c) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(m, c + row * PANEL, sums, 0, PANEL);
            for (int p = 0; p < panels; p++) {
                int x = a + p * aPanel + row * PANEL;
                int y = b + p * PANEL * PANEL;
                for (int k = 0; k < PANEL; k++) {
                    addProducts(m[x + k], w, y + k * PANEL);
                }
            }
            storeSums(m, c + row * PANEL);
        }
    }

    @Override
    public void multiplyTransposedAdd(int rows, float[] m, int a, int b, float[] g, int c) {
        for (int column = 0; column < PANEL; column++) {
            System.arraycopy(g, c + column * PANEL, sums, 0, PANEL);
            for (int row = 0; row < rows; row++) {
                addProducts(m[a + row * PANEL + column], m, b + row * PANEL);
            }
            storeSums(g, c + column * PANEL);
        }
    }

    private void addProducts(float x, float[] y, int from) {
        for (int i = 0; i < PANEL; i++) {
            sums[i] = fma(x, y[from + i], sums[i]);
        }
    }

    private void storeSums(float[] target, int to) {
        for (int i = 0; i < PANEL; i++) {
            target[to + i] = 0f + sums[i];
        }
    }

    @Override
    public void fillRows(int rows, float[] w, int from, float[] m, int to) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(w, from, m, to + row * PANEL, PANEL);
        }
    }

    @Override
    public void gatherRows(int rows, float[] w, int[] from, int first, int offset, float[] m, int to) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < PANEL; i++) {
                m[to + row * PANEL + i] += w[from[first + row] + offset + i];
            }
        }
    }

    @Override
    public void scatterRows(int rows, float[] m, int from, float[] g, int[] to, int offset) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < PANEL; i++) {
                g[to[row] + offset + i] += m[from + row * PANEL + i];
            }
        }
    }

    @Override
    public void addColumnSums(int rows, float[] m, int from, float[] g, int to) {
        for (int column = 0; column < PANEL; column++) {
            float sum = g[to + column];
            for (int row = 0; row < rows; row++) {
                sum = m[from + row * PANEL + column] + sum;
            }
            g[to + column] = 0f + sum;
        }
    }

    @Override
    public void tanh(int n, float[] m, int x, int y) {
        for (int i = 0; i < n; i++) {
            m[y + i] = ScalarFunctions.tanh(m[x + i]);
        }
    }

    @Override
    public void sigmoid(int n, float[] m, int x, int y) {
        for (int i = 0; i < n; i++) {
            m[y + i] = ScalarFunctions.sigmoid(m[x + i]);
        }
    }

    @Override
    public void relu(int n, float[] m, int x, int y) {
        for (int i = 0; i < n; i++) {
            m[y + i] = Math.max(m[x + i], 0f);
        }
    }

    @Override
    public void tanhGradient(int n, float[] m, int y, int d, int z) {
        for (int i = 0; i < n; i++) {
            float gradient = m[d + i];
            m[z + i] = gradient - gradient * m[y + i] * m[y + i];
        }
    }

    @Override
    public void sigmoidGradient(int n, float[] m, int y, int d, int z) {
        for (int i = 0; i < n; i++) {
            float product = m[d + i] * m[y + i];
            m[z + i] = product - product * m[y + i];
        }
    }

    @Override
    public void reluGradient(int n, float[] m, int y, int d, int z) {
        for (int i = 0; i < n; i++) {
            m[z + i] = m[y + i] > 0 ? m[d + i] : 0;
        }
    }

    @Override
    public void multiply(int n, float[] m, int x, int y, int z) {
        for (int i = 0; i < n; i++) {
            m[z + i] = m[x + i] * m[y + i];
        }
    }

    @Override
    public void multiplyAddElements(int n, float[] m, int x, int y, int a, int z) {
        for (int i = 0; i < n; i++) {
            m[z + i] = fma(m[x + i], m[y + i], m[a + i]);
        }
    }

    @Override
    public void add(int n, float[] m, int x, int y, int z) {
        for (int i = 0; i < n; i++) {
            m[z + i] = m[x + i] + m[y + i];
        }
    }

    @Override
    public void subtract(int n, float[] m, int x, int y, int z) {
        for (int i = 0; i < n; i++) {
            m[z + i] = m[x + i] - m[y + i];
        }
    }

    @Override
    public float rowMaximum(float[] m, int row, int panel, int panels) {
        float maximum = m[row];
        for (int p = 0; p < panels; p++) {
            for (int i = 0; i < PANEL; i++) {
                maximum = Math.max(m[row + p * panel + i], maximum);
            }
        }
        return maximum;
    }

    @Override
    public void rowExponentials(float[] m, int row, int panel, int panels, float shift) {
        for (int p = 0; p < panels; p++) {
            int from = row + p * panel;
            for (int i = from; i < from + PANEL; i++) {
                m[i] = ScalarFunctions.exp(m[i] - shift);
            }
        }
    }

    @Override
    public float rowSum(float[] m, int row, int panel, int panels) {
        Arrays.fill(lanes, 0);
        for (int p = 0; p < panels; p++) {
            for (int i = 0; i < PANEL; i++) {
                lanes[i % Sixteen.LANES] = m[row + p * panel + i] + lanes[i % Sixteen.LANES];
            }
        }
        return Sixteen.sum(lanes);
    }

    @Override
    public void rowScale(float[] m, int row, int panel, int panels, float factor) {
        for (int p = 0; p < panels; p++) {
            int from = row + p * panel;
            for (int i = from; i < from + PANEL; i++) {
                m[i] *= factor;
            }
        }
    }

    @Override
    public float sumOfSquares(int n, float[] g, int x) {
        Arrays.fill(lanes, 0);
        for (int i = 0; i < n; i++) {
            lanes[i % Sixteen.LANES] = fma(g[x + i], g[x + i], lanes[i % Sixteen.LANES]);
        }
        return Sixteen.sum(lanes);
    }

    @Override
    public void addScaled(int n, float[] w, float factor, int x, int y) {
        for (int i = 0; i < n; i++) {
            w[y + i] = fma(w[x + i], factor, w[y + i]);
        }
    }

    @Override
    public void adam(int n, float[] w, AdamStep step, int gradient, int mean, int square, int parameter) {
        for (int i = 0; i < n; i++) {
            float g = w[gradient + i] * step.gradientScale();
            float m = w[mean + i] * AdamStep.BETA1 + g * AdamStep.ONE_MINUS_BETA1;
            float v = w[square + i] * AdamStep.BETA2 + g * g * AdamStep.ONE_MINUS_BETA2;
            w[mean + i] = m;
            w[square + i] = v;
            float denominator = (float) Math.sqrt(v) / step.root() + AdamStep.EPSILON;
            w[parameter + i] -= m / denominator * step.rate();
        }
    }

    private static float fma(float x, float y, float a) {
        return FusedMultiplyAdd.of(x, y, a);
    }
}

package io.inkstream.kernels;

import static io.inkstream.kernels.Matrix.PANEL;
import static io.inkstream.kernels.Registers.L;
import static io.inkstream.kernels.Registers.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The kernels on vector registers. */
final class VectorKernels implements Kernels {

    private final float[] lanes = new float[Sixteen.LANES];

    @Override
    public void multiplyAdd(int rows, float[] m, int a, int aPanel, int panels, float[] w, int b, int c) {
        VectorProducts.multiplyAdd(rows, m, a, aPanel, panels, w, b, c);
    }

    @Override
    public void multiplyTransposedAdd(int rows, float[] m, int a, int b, float[] g, int c) {
        VectorProducts.multiplyTransposedAdd(rows, m, a, b, g, c);
    }

    @Override
    public void fillRows(int rows, float[] w, int from, float[] m, int to) {
        int end = to + rows * PANEL;
        for (int i = 0; i < PANEL; i += L) {
            FloatVector values = FloatVector.fromArray(SPECIES, w, from + i);
            for (int target = to + i; target < end; target += PANEL) {
                values.intoArray(m, target);
            }
        }
    }

    @Override
    public void gatherRows(int rows, float[] w, int[] from, int first, int offset, float[] m, int to) {
        for (int row = 0; row < rows; row++) {
            int source = from[first + row] + offset;
            int target = to + row * PANEL;
            for (int i = 0; i < PANEL; i += L) {
                FloatVector.fromArray(SPECIES, m, target + i)
                        .add(FloatVector.fromArray(SPECIES, w, source + i))
                        .intoArray(m, target + i);
            }
        }
    }

    @Override
    public void scatterRows(int rows, float[] m, int from, float[] g, int[] to, int offset) {
        for (int row = 0; row < rows; row++) {
            int source = from + row * PANEL;
            int target = to[row] + offset;
            for (int i = 0; i < PANEL; i += L) {
                FloatVector.fromArray(SPECIES, g, target + i)
                        .add(FloatVector.fromArray(SPECIES, m, source + i))
                        .intoArray(g, target + i);
            }
        }
    }

    @Override
    public void addColumnSums(int rows, float[] m, int from, float[] g, int to) {
        for (int column = 0; column < PANEL; column += L) {
            FloatVector sum = FloatVector.fromArray(SPECIES, g, to + column);
            int end = from + column + rows * PANEL;
            for (int i = from + column; i < end; i += PANEL) {
                sum = FloatVector.fromArray(SPECIES, m, i).add(sum);
            }
            FloatVector.zero(SPECIES).add(sum).intoArray(g, to + column);
        }
    }

    @Override
    public void tanh(int n, float[] m, int x, int y) {
        VectorFunctions.tanh(n, m, x, y);
    }

    @Override
    public void sigmoid(int n, float[] m, int x, int y) {
        VectorFunctions.sigmoid(n, m, x, y);
    }

    @Override
    public void relu(int n, float[] m, int x, int y) {
        for (int i = 0; i < n; i += L) {
            FloatVector.fromArray(SPECIES, m, x + i).max(0f).intoArray(m, y + i);
        }
    }

    @Override
    public void tanhGradient(int n, float[] m, int y, int d, int z) {
        for (int i = 0; i < n; i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, m, y + i);
            FloatVector gradient = FloatVector.fromArray(SPECIES, m, d + i);
            gradient.sub(gradient.mul(value).mul(value)).intoArray(m, z + i);
        }
    }

    @Override
    public void sigmoidGradient(int n, float[] m, int y, int d, int z) {
        for (int i = 0; i < n; i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, m, y + i);
            FloatVector product = FloatVector.fromArray(SPECIES, m, d + i).mul(value);
            product.sub(product.mul(value)).intoArray(m, z + i);
        }
    }

    @Override
    public void reluGradient(int n, float[] m, int y, int d, int z) {
        for (int i = 0; i < n; i += L) {
            FloatVector.zero(SPECIES)
                    .blend(
                            FloatVector.fromArray(SPECIES, m, d + i),
                            FloatVector.fromArray(SPECIES, m, y + i).compare(VectorOperators.GT, 0f))
                    .intoArray(m, z + i);
        }
    }

    @Override
    public void multiply(int n, float[] m, int x, int y, int z) {
        for (int i = 0; i < n; i += L) {
            FloatVector.fromArray(SPECIES, m, x + i)
                    .mul(FloatVector.fromArray(SPECIES, m, y + i))
                    .intoArray(m, z + i);
        }
    }

    @Override
    public void multiplyAddElements(int n, float[] m, int x, int y, int a, int z) {
        for (int i = 0; i < n; i += L) {
            FloatVector.fromArray(SPECIES, m, x + i)
                    .fma(FloatVector.fromArray(SPECIES, m, y + i), FloatVector.fromArray(SPECIES, m, a + i))
                    .intoArray(m, z + i);
        }
    }

    @Override
    public void add(int n, float[] m, int x, int y, int z) {
        for (int i = 0; i < n; i += L) {
            FloatVector.fromArray(SPECIES, m, x + i)
                    .add(FloatVector.fromArray(SPECIES, m, y + i))
                    .intoArray(m, z + i);
        }
    }

    @Override
    public void subtract(int n, float[] m, int x, int y, int z) {
        for (int i = 0; i < n; i += L) {
            FloatVector.fromArray(SPECIES, m, x + i)
                    .sub(FloatVector.fromArray(SPECIES, m, y + i))
                    .intoArray(m, z + i);
        }
    }

    @Override
    public float rowMaximum(float[] m, int row, int panel, int panels) {
        FloatVector maximum = FloatVector.fromArray(SPECIES, m, row);
        for (int p = 0; p < panels; p++) {
            int from = row + p * panel;
            for (int i = from; i < from + PANEL; i += L) {
                maximum = FloatVector.fromArray(SPECIES, m, i).max(maximum);
            }
        }
        return FloatVector.fromArray(SPECIES, m, row).max(maximum).reduceLanes(VectorOperators.MAX);
    }

    @Override
    public void rowExponentials(float[] m, int row, int panel, int panels, float shift) {
        VectorFunctions.rowExponentials(m, row, panel, panels, shift);
    }

    @Override
    public float rowSum(float[] m, int row, int panel, int panels) {
        for (int lane = 0; lane < Sixteen.LANES; lane += L) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int p = 0; p < panels; p++) {
                int from = row + p * panel + lane;
                for (int i = from; i < from + PANEL; i += Sixteen.LANES) {
                    sum = FloatVector.fromArray(SPECIES, m, i).add(sum);
                }
            }
            FloatVector.zero(SPECIES).add(sum).intoArray(lanes, lane);
        }
        return Sixteen.sum(lanes);
    }

    @Override
    public void rowScale(float[] m, int row, int panel, int panels, float factor) {
        for (int p = 0; p < panels; p++) {
            int from = row + p * panel;
            for (int i = from; i < from + PANEL; i += L) {
                FloatVector.fromArray(SPECIES, m, i).mul(factor).intoArray(m, i);
            }
        }
    }

    @Override
    public float sumOfSquares(int n, float[] g, int x) {
        for (int lane = 0; lane < Sixteen.LANES; lane += L) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = x + lane; i < x + n; i += Sixteen.LANES) {
                FloatVector element = FloatVector.fromArray(SPECIES, g, i);
                sum = element.fma(element, sum);
            }
            FloatVector.zero(SPECIES).add(sum).intoArray(lanes, lane);
        }
        return Sixteen.sum(lanes);
    }

    @Override
    public void addScaled(int n, float[] w, float factor, int x, int y) {
        FloatVector scale = FloatVector.broadcast(SPECIES, factor);
        for (int i = 0; i < n; i += L) {
            FloatVector.fromArray(SPECIES, w, x + i)
                    .fma(scale, FloatVector.fromArray(SPECIES, w, y + i))
                    .intoArray(w, y + i);
        }
    }

    @Override
    public void adam(int n, float[] w, AdamStep step, int gradient, int mean, int square, int parameter) {
        for (int i = 0; i < n; i += L) {
            FloatVector g = FloatVector.fromArray(SPECIES, w, gradient + i).mul(step.gradientScale());
            FloatVector m = FloatVector.fromArray(SPECIES, w, mean + i)
                    .mul(AdamStep.BETA1)
                    .add(g.mul(AdamStep.ONE_MINUS_BETA1));
            FloatVector v = FloatVector.fromArray(SPECIES, w, square + i)
                    .mul(AdamStep.BETA2)
                    .add(g.mul(g).mul(AdamStep.ONE_MINUS_BETA2));
            m.intoArray(w, mean + i);
            v.intoArray(w, square + i);
            FloatVector root = v.lanewise(VectorOperators.SQRT);
            FloatVector denominator = root.div(step.root()).add(AdamStep.EPSILON);
            FloatVector.fromArray(SPECIES, w, parameter + i)
                    .sub(m.div(denominator).mul(step.rate()))
                    .intoArray(w, parameter + i);
        }
    }
}

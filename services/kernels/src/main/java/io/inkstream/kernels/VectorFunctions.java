package io.inkstream.kernels;

import static io.inkstream.kernels.Matrix.PANEL;
import static io.inkstream.kernels.Registers.L;
import static io.inkstream.kernels.Registers.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The functions of the gates and of the softmax, a vector at a time; {@link ScalarFunctions} has the same formulas. */
final class VectorFunctions {

    private VectorFunctions() {}

    /** See {@link Kernels#tanh}. */
    static void tanh(int n, float[] m, int x, int y) {
        for (int i = 0; i < n; i += L) {
            FloatVector bounded = FloatVector.fromArray(SPECIES, m, x + i)
                    .max(-Coefficients.TANH_LIMIT)
                    .min(Coefficients.TANH_LIMIT);
            FloatVector square = bounded.mul(bounded);
            FloatVector p = square.fma(
                    FloatVector.broadcast(SPECIES, Coefficients.P13), FloatVector.broadcast(SPECIES, Coefficients.P11));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P9));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P7));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P5));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P3));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P1));
            FloatVector q = square.fma(
                    FloatVector.broadcast(SPECIES, Coefficients.Q6), FloatVector.broadcast(SPECIES, Coefficients.Q4));
            q = square.fma(q, FloatVector.broadcast(SPECIES, Coefficients.Q2));
            q = square.fma(q, FloatVector.broadcast(SPECIES, Coefficients.Q0));
            bounded.mul(p).div(q).intoArray(m, y + i);
        }
    }

    /** See {@link Kernels#sigmoid}. */
    static void sigmoid(int n, float[] m, int x, int y) {
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        for (int i = 0; i < n; i += L) {
            FloatVector bounded = FloatVector.fromArray(SPECIES, m, x + i)
                    .mul(0.5f)
                    .max(-Coefficients.TANH_LIMIT)
                    .min(Coefficients.TANH_LIMIT);
            FloatVector square = bounded.mul(bounded);
            FloatVector p = square.fma(
                    FloatVector.broadcast(SPECIES, Coefficients.P13), FloatVector.broadcast(SPECIES, Coefficients.P11));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P9));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P7));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P5));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P3));
            p = square.fma(p, FloatVector.broadcast(SPECIES, Coefficients.P1));
            FloatVector q = square.fma(
                    FloatVector.broadcast(SPECIES, Coefficients.Q6), FloatVector.broadcast(SPECIES, Coefficients.Q4));
            q = square.fma(q, FloatVector.broadcast(SPECIES, Coefficients.Q2));
            q = square.fma(q, FloatVector.broadcast(SPECIES, Coefficients.Q0));
            bounded.mul(p).div(q).fma(half, half).intoArray(m, y + i);
        }
    }

    /** See {@link Kernels#rowExponentials}. */
    static void rowExponentials(float[] m, int row, int panel, int panels, float shift) {
        for (int p = 0; p < panels; p++) {
            int from = row + p * panel;
            for (int i = from; i < from + PANEL; i += L) {
                FloatVector x = FloatVector.fromArray(SPECIES, m, i).sub(shift);
                FloatVector bounded = x.max(Coefficients.EXP_LIMIT);
                FloatVector shifted = bounded.fma(
                        FloatVector.broadcast(SPECIES, Coefficients.LOG2_E),
                        FloatVector.broadcast(SPECIES, Coefficients.ROUNDER));
                FloatVector n = shifted.sub(Coefficients.ROUNDER);
                FloatVector r = n.fma(
                        FloatVector.broadcast(SPECIES, -Coefficients.LN2_LOW),
                        n.fma(FloatVector.broadcast(SPECIES, -Coefficients.LN2_HIGH), bounded));
                FloatVector e = r.fma(
                        FloatVector.broadcast(SPECIES, Coefficients.E5),
                        FloatVector.broadcast(SPECIES, Coefficients.E4));
                e = r.fma(e, FloatVector.broadcast(SPECIES, Coefficients.E3));
                e = r.fma(e, FloatVector.broadcast(SPECIES, Coefficients.E2));
                e = r.fma(e, FloatVector.broadcast(SPECIES, Coefficients.E1));
                e = r.fma(e, FloatVector.broadcast(SPECIES, Coefficients.E0));
                FloatVector powerOfTwo = shifted.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, Coefficients.MANTISSA_BITS)
                        .add(Coefficients.ONE_BITS)
                        .reinterpretAsFloats();
                FloatVector exp = r.mul(r).fma(e, r.add(1f)).mul(powerOfTwo);
                FloatVector.zero(SPECIES)
                        .blend(exp, x.compare(VectorOperators.GE, Coefficients.EXP_LIMIT))
                        .intoArray(m, i);
            }
        }
    }
}

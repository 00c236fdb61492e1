package io.inkstream.kernels;

import static io.inkstream.kernels.Matrix.PANEL;
import static io.inkstream.kernels.Registers.L;
import static io.inkstream.kernels.Registers.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Products of matrices in panels, tile by tile: a tile of C, some rows by two vectors, stays in registers while the inner
 * index runs. Eight rows take 16 of the 32 registers of AVX-512 and NEON; six rows take 12 of the 16 of AVX2, and
 * twelve chains of sums are enough to keep both of its units busy.
 *
 * <p>{@link Registers} says what to observe in such loops.
 */
final class VectorProducts {

    /** Elements of B for a panel of A. */
    private static final int SQUARE = PANEL * PANEL;

    private static final boolean MANY_REGISTERS = L != 8;

    private VectorProducts() {}

    /** See {@link Kernels#multiplyAdd}. */
    static void multiplyAdd(int rows, float[] m, int a, int aPanel, int panels, float[] w, int b, int c) {
        for (int column = 0; column < PANEL; column += 2 * L) {
            int row = 0;
            if (MANY_REGISTERS) {
                for (; row + 8 <= rows; row += 8) {
                    eightRows(m, a + row * PANEL, aPanel, panels, w, b + column, c + row * PANEL + column);
                }
            } else {
                for (; row + 6 <= rows && row + 8 != rows; row += 6) { // the last eight are four and four
                    sixRows(m, a + row * PANEL, aPanel, panels, w, b + column, c + row * PANEL + column);
                }
            }
            for (; row + 4 <= rows; row += 4) {
                fourRows(m, a + row * PANEL, aPanel, panels, w, b + column, c + row * PANEL + column);
            }
            for (; row < rows; row++) {
                oneRow(m, a + row * PANEL, aPanel, panels, w, b + column, c + row * PANEL + column);
            }
        }
    }

    /** See {@link Kernels#multiplyTransposedAdd}. */
    static void multiplyTransposedAdd(int rows, float[] m, int a, int b, float[] g, int c) {
        for (int column = 0; column < PANEL; column += 2 * L) {
            if (MANY_REGISTERS) {
                for (int row = 0; row < PANEL; row += 8) {
                    eightColumns(rows, m, a + row, b + column, g, c + row * PANEL + column);
                }
            } else {
                for (int row = 0; row < PANEL - 8; row += 6) {
                    sixColumns(rows, m, a + row, b + column, g, c + row * PANEL + column);
                }
                for (int row = PANEL - 8; row < PANEL; row += 4) {
                    fourColumns(rows, m, a + row, b + column, g, c + row * PANEL + column);
                }
            }
        }
    }

    /** A tile of eight rows. */
    private static void eightRows(float[] m, int a, int aPanel, int panels, float[] w, int b, int c) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, m, c);
        FloatVector c01 = FloatVector.fromArray(SPECIES, m, c + L);
        FloatVector c10 = FloatVector.fromArray(SPECIES, m, c + 1 * PANEL);
        FloatVector c11 = FloatVector.fromArray(SPECIES, m, c + 1 * PANEL + L);
        FloatVector c20 = FloatVector.fromArray(SPECIES, m, c + 2 * PANEL);
        FloatVector c21 = FloatVector.fromArray(SPECIES, m, c + 2 * PANEL + L);
        FloatVector c30 = FloatVector.fromArray(SPECIES, m, c + 3 * PANEL);
        FloatVector c31 = FloatVector.fromArray(SPECIES, m, c + 3 * PANEL + L);
        FloatVector c40 = FloatVector.fromArray(SPECIES, m, c + 4 * PANEL);
        FloatVector c41 = FloatVector.fromArray(SPECIES, m, c + 4 * PANEL + L);
        FloatVector c50 = FloatVector.fromArray(SPECIES, m, c + 5 * PANEL);
        FloatVector c51 = FloatVector.fromArray(SPECIES, m, c + 5 * PANEL + L);
        FloatVector c60 = FloatVector.fromArray(SPECIES, m, c + 6 * PANEL);
        FloatVector c61 = FloatVector.fromArray(SPECIES, m, c + 6 * PANEL + L);
        FloatVector c70 = FloatVector.fromArray(SPECIES, m, c + 7 * PANEL);
        FloatVector c71 = FloatVector.fromArray(SPECIES, m, c + 7 * PANEL + L);
        for (int p = 0; p < panels; p++) {
            int x = a + p * aPanel;
            int y = b + p * SQUARE;
            for (int k = 0; k < PANEL; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, w, y + k * PANEL);
                FloatVector b1 = FloatVector.fromArray(SPECIES, w, y + k * PANEL + L);
                FloatVector a0 = FloatVector.broadcast(SPECIES, m[x + k]);
                c00 = a0.fma(b0, c00);
                c01 = a0.fma(b1, c01);
                FloatVector a1 = FloatVector.broadcast(SPECIES, m[x + k + 1 * PANEL]);
                c10 = a1.fma(b0, c10);
                c11 = a1.fma(b1, c11);
                FloatVector a2 = FloatVector.broadcast(SPECIES, m[x + k + 2 * PANEL]);
                c20 = a2.fma(b0, c20);
                c21 = a2.fma(b1, c21);
                FloatVector a3 = FloatVector.broadcast(SPECIES, m[x + k + 3 * PANEL]);
                c30 = a3.fma(b0, c30);
                c31 = a3.fma(b1, c31);
                FloatVector a4 = FloatVector.broadcast(SPECIES, m[x + k + 4 * PANEL]);
                c40 = a4.fma(b0, c40);
                c41 = a4.fma(b1, c41);
                FloatVector a5 = FloatVector.broadcast(SPECIES, m[x + k + 5 * PANEL]);
                c50 = a5.fma(b0, c50);
                c51 = a5.fma(b1, c51);
                FloatVector a6 = FloatVector.broadcast(SPECIES, m[x + k + 6 * PANEL]);
                c60 = a6.fma(b0, c60);
                c61 = a6.fma(b1, c61);
                FloatVector a7 = FloatVector.broadcast(SPECIES, m[x + k + 7 * PANEL]);
                c70 = a7.fma(b0, c70);
                c71 = a7.fma(b1, c71);
            }
        }
        FloatVector.zero(SPECIES).add(c00).intoArray(m, c);
        FloatVector.zero(SPECIES).add(c01).intoArray(m, c + L);
        FloatVector.zero(SPECIES).add(c10).intoArray(m, c + 1 * PANEL);
        FloatVector.zero(SPECIES).add(c11).intoArray(m, c + 1 * PANEL + L);
        FloatVector.zero(SPECIES).add(c20).intoArray(m, c + 2 * PANEL);
        FloatVector.zero(SPECIES).add(c21).intoArray(m, c + 2 * PANEL + L);
        FloatVector.zero(SPECIES).add(c30).intoArray(m, c + 3 * PANEL);
        FloatVector.zero(SPECIES).add(c31).intoArray(m, c + 3 * PANEL + L);
        FloatVector.zero(SPECIES).add(c40).intoArray(m, c + 4 * PANEL);
        FloatVector.zero(SPECIES).add(c41).intoArray(m, c + 4 * PANEL + L);
        FloatVector.zero(SPECIES).add(c50).intoArray(m, c + 5 * PANEL);
        FloatVector.zero(SPECIES).add(c51).intoArray(m, c + 5 * PANEL + L);
        FloatVector.zero(SPECIES).add(c60).intoArray(m, c + 6 * PANEL);
        FloatVector.zero(SPECIES).add(c61).intoArray(m, c + 6 * PANEL + L);
        FloatVector.zero(SPECIES).add(c70).intoArray(m, c + 7 * PANEL);
        FloatVector.zero(SPECIES).add(c71).intoArray(m, c + 7 * PANEL + L);
    }

    /** A tile of six rows. */
    private static void sixRows(float[] m, int a, int aPanel, int panels, float[] w, int b, int c) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, m, c);
        FloatVector c01 = FloatVector.fromArray(SPECIES, m, c + L);
        FloatVector c10 = FloatVector.fromArray(SPECIES, m, c + 1 * PANEL);
        FloatVector c11 = FloatVector.fromArray(SPECIES, m, c + 1 * PANEL + L);
        FloatVector c20 = FloatVector.fromArray(SPECIES, m, c + 2 * PANEL);
        FloatVector c21 = FloatVector.fromArray(SPECIES, m, c + 2 * PANEL + L);
        FloatVector c30 = FloatVector.fromArray(SPECIES, m, c + 3 * PANEL);
        FloatVector c31 = FloatVector.fromArray(SPECIES, m, c + 3 * PANEL + L);
        FloatVector c40 = FloatVector.fromArray(SPECIES, m, c + 4 * PANEL);
        FloatVector c41 = FloatVector.fromArray(SPECIES, m, c + 4 * PANEL + L);
        FloatVector c50 = FloatVector.fromArray(SPECIES, m, c + 5 * PANEL);
        FloatVector c51 = FloatVector.fromArray(SPECIES, m, c + 5 * PANEL + L);
        for (int p = 0; p < panels; p++) {
            int x = a + p * aPanel;
            int y = b + p * SQUARE;
            for (int k = 0; k < PANEL; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, w, y + k * PANEL);
                FloatVector b1 = FloatVector.fromArray(SPECIES, w, y + k * PANEL + L);
                FloatVector a0 = FloatVector.broadcast(SPECIES, m[x + k]);
                c00 = a0.fma(b0, c00);
                c01 = a0.fma(b1, c01);
                FloatVector a1 = FloatVector.broadcast(SPECIES, m[x + k + 1 * PANEL]);
                c10 = a1.fma(b0, c10);
                c11 = a1.fma(b1, c11);
                FloatVector a2 = FloatVector.broadcast(SPECIES, m[x + k + 2 * PANEL]);
                c20 = a2.fma(b0, c20);
                c21 = a2.fma(b1, c21);
                FloatVector a3 = FloatVector.broadcast(SPECIES, m[x + k + 3 * PANEL]);
                c30 = a3.fma(b0, c30);
                c31 = a3.fma(b1, c31);
                FloatVector a4 = FloatVector.broadcast(SPECIES, m[x + k + 4 * PANEL]);
                c40 = a4.fma(b0, c40);
                c41 = a4.fma(b1, c41);
                FloatVector a5 = FloatVector.broadcast(SPECIES, m[x + k + 5 * PANEL]);
                c50 = a5.fma(b0, c50);
                c51 = a5.fma(b1, c51);
            }
        }
        FloatVector.zero(SPECIES).add(c00).intoArray(m, c);
        FloatVector.zero(SPECIES).add(c01).intoArray(m, c + L);
        FloatVector.zero(SPECIES).add(c10).intoArray(m, c + 1 * PANEL);
        FloatVector.zero(SPECIES).add(c11).intoArray(m, c + 1 * PANEL + L);
        FloatVector.zero(SPECIES).add(c20).intoArray(m, c + 2 * PANEL);
        FloatVector.zero(SPECIES).add(c21).intoArray(m, c + 2 * PANEL + L);
        FloatVector.zero(SPECIES).add(c30).intoArray(m, c + 3 * PANEL);
        FloatVector.zero(SPECIES).add(c31).intoArray(m, c + 3 * PANEL + L);
        FloatVector.zero(SPECIES).add(c40).intoArray(m, c + 4 * PANEL);
        FloatVector.zero(SPECIES).add(c41).intoArray(m, c + 4 * PANEL + L);
        FloatVector.zero(SPECIES).add(c50).intoArray(m, c + 5 * PANEL);
        FloatVector.zero(SPECIES).add(c51).intoArray(m, c + 5 * PANEL + L);
    }

    /** A tile of four rows. */
    private static void fourRows(float[] m, int a, int aPanel, int panels, float[] w, int b, int c) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, m, c);
        FloatVector c01 = FloatVector.fromArray(SPECIES, m, c + L);
        FloatVector c10 = FloatVector.fromArray(SPECIES, m, c + 1 * PANEL);
        FloatVector c11 = FloatVector.fromArray(SPECIES, m, c + 1 * PANEL + L);
        FloatVector c20 = FloatVector.fromArray(SPECIES, m, c + 2 * PANEL);
        FloatVector c21 = FloatVector.fromArray(SPECIES, m, c + 2 * PANEL + L);
        FloatVector c30 = FloatVector.fromArray(SPECIES, m, c + 3 * PANEL);
        FloatVector c31 = FloatVector.fromArray(SPECIES, m, c + 3 * PANEL + L);
        for (int p = 0; p < panels; p++) {
            int x = a + p * aPanel;
            int y = b + p * SQUARE;
            for (int k = 0; k < PANEL; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, w, y + k * PANEL);
                FloatVector b1 = FloatVector.fromArray(SPECIES, w, y + k * PANEL + L);
                FloatVector a0 = FloatVector.broadcast(SPECIES, m[x + k]);
                c00 = a0.fma(b0, c00);
                c01 = a0.fma(b1, c01);
                FloatVector a1 = FloatVector.broadcast(SPECIES, m[x + k + 1 * PANEL]);
                c10 = a1.fma(b0, c10);
                c11 = a1.fma(b1, c11);
                FloatVector a2 = FloatVector.broadcast(SPECIES, m[x + k + 2 * PANEL]);
                c20 = a2.fma(b0, c20);
                c21 = a2.fma(b1, c21);
                FloatVector a3 = FloatVector.broadcast(SPECIES, m[x + k + 3 * PANEL]);
                c30 = a3.fma(b0, c30);
                c31 = a3.fma(b1, c31);
            }
        }
        FloatVector.zero(SPECIES).add(c00).intoArray(m, c);
        FloatVector.zero(SPECIES).add(c01).intoArray(m, c + L);
        FloatVector.zero(SPECIES).add(c10).intoArray(m, c + 1 * PANEL);
        FloatVector.zero(SPECIES).add(c11).intoArray(m, c + 1 * PANEL + L);
        FloatVector.zero(SPECIES).add(c20).intoArray(m, c + 2 * PANEL);
        FloatVector.zero(SPECIES).add(c21).intoArray(m, c + 2 * PANEL + L);
        FloatVector.zero(SPECIES).add(c30).intoArray(m, c + 3 * PANEL);
        FloatVector.zero(SPECIES).add(c31).intoArray(m, c + 3 * PANEL + L);
    }

    /** A tile of one row. */
    private static void oneRow(float[] m, int a, int aPanel, int panels, float[] w, int b, int c) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, m, c);
        FloatVector c01 = FloatVector.fromArray(SPECIES, m, c + L);
        for (int p = 0; p < panels; p++) {
            int x = a + p * aPanel;
            int y = b + p * SQUARE;
            for (int k = 0; k < PANEL; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, w, y + k * PANEL);
                FloatVector b1 = FloatVector.fromArray(SPECIES, w, y + k * PANEL + L);
                FloatVector a0 = FloatVector.broadcast(SPECIES, m[x + k]);
                c00 = a0.fma(b0, c00);
                c01 = a0.fma(b1, c01);
            }
        }
        FloatVector.zero(SPECIES).add(c00).intoArray(m, c);
        FloatVector.zero(SPECIES).add(c01).intoArray(m, c + L);
    }

    /** A tile of the products with eight columns of A. */
    private static void eightColumns(int rows, float[] m, int a, int b, float[] g, int c) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, g, c);
        FloatVector c01 = FloatVector.fromArray(SPECIES, g, c + L);
        FloatVector c10 = FloatVector.fromArray(SPECIES, g, c + 1 * PANEL);
        FloatVector c11 = FloatVector.fromArray(SPECIES, g, c + 1 * PANEL + L);
        FloatVector c20 = FloatVector.fromArray(SPECIES, g, c + 2 * PANEL);
        FloatVector c21 = FloatVector.fromArray(SPECIES, g, c + 2 * PANEL + L);
        FloatVector c30 = FloatVector.fromArray(SPECIES, g, c + 3 * PANEL);
        FloatVector c31 = FloatVector.fromArray(SPECIES, g, c + 3 * PANEL + L);
        FloatVector c40 = FloatVector.fromArray(SPECIES, g, c + 4 * PANEL);
        FloatVector c41 = FloatVector.fromArray(SPECIES, g, c + 4 * PANEL + L);
        FloatVector c50 = FloatVector.fromArray(SPECIES, g, c + 5 * PANEL);
        FloatVector c51 = FloatVector.fromArray(SPECIES, g, c + 5 * PANEL + L);
        FloatVector c60 = FloatVector.fromArray(SPECIES, g, c + 6 * PANEL);
        FloatVector c61 = FloatVector.fromArray(SPECIES, g, c + 6 * PANEL + L);
        FloatVector c70 = FloatVector.fromArray(SPECIES, g, c + 7 * PANEL);
        FloatVector c71 = FloatVector.fromArray(SPECIES, g, c + 7 * PANEL + L);
        int end = rows * PANEL;
        for (int k = 0; k < end; k += PANEL) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, m, b + k);
            FloatVector b1 = FloatVector.fromArray(SPECIES, m, b + k + L);
            FloatVector a0 = FloatVector.broadcast(SPECIES, m[a + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, m[a + k + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, m[a + k + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, m[a + k + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, m[a + k + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, m[a + k + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, m[a + k + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, m[a + k + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        FloatVector.zero(SPECIES).add(c00).intoArray(g, c);
        FloatVector.zero(SPECIES).add(c01).intoArray(g, c + L);
        FloatVector.zero(SPECIES).add(c10).intoArray(g, c + 1 * PANEL);
        FloatVector.zero(SPECIES).add(c11).intoArray(g, c + 1 * PANEL + L);
        FloatVector.zero(SPECIES).add(c20).intoArray(g, c + 2 * PANEL);
        FloatVector.zero(SPECIES).add(c21).intoArray(g, c + 2 * PANEL + L);
        FloatVector.zero(SPECIES).add(c30).intoArray(g, c + 3 * PANEL);
        FloatVector.zero(SPECIES).add(c31).intoArray(g, c + 3 * PANEL + L);
        FloatVector.zero(SPECIES).add(c40).intoArray(g, c + 4 * PANEL);
        FloatVector.zero(SPECIES).add(c41).intoArray(g, c + 4 * PANEL + L);
        FloatVector.zero(SPECIES).add(c50).intoArray(g, c + 5 * PANEL);
        FloatVector.zero(SPECIES).add(c51).intoArray(g, c + 5 * PANEL + L);
        FloatVector.zero(SPECIES).add(c60).intoArray(g, c + 6 * PANEL);
        FloatVector.zero(SPECIES).add(c61).intoArray(g, c + 6 * PANEL + L);
        FloatVector.zero(SPECIES).add(c70).intoArray(g, c + 7 * PANEL);
        FloatVector.zero(SPECIES).add(c71).intoArray(g, c + 7 * PANEL + L);
    }

    /** A tile of the products with six columns of A. */
    private static void sixColumns(int rows, float[] m, int a, int b, float[] g, int c) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, g, c);
        FloatVector c01 = FloatVector.fromArray(SPECIES, g, c + L);
        FloatVector c10 = FloatVector.fromArray(SPECIES, g, c + 1 * PANEL);
        FloatVector c11 = FloatVector.fromArray(SPECIES, g, c + 1 * PANEL + L);
        FloatVector c20 = FloatVector.fromArray(SPECIES, g, c + 2 * PANEL);
        FloatVector c21 = FloatVector.fromArray(SPECIES, g, c + 2 * PANEL + L);
        FloatVector c30 = FloatVector.fromArray(SPECIES, g, c + 3 * PANEL);
        FloatVector c31 = FloatVector.fromArray(SPECIES, g, c + 3 * PANEL + L);
        FloatVector c40 = FloatVector.fromArray(SPECIES, g, c + 4 * PANEL);
        FloatVector c41 = FloatVector.fromArray(SPECIES, g, c + 4 * PANEL + L);
        FloatVector c50 = FloatVector.fromArray(SPECIES, g, c + 5 * PANEL);
        FloatVector c51 = FloatVector.fromArray(SPECIES, g, c + 5 * PANEL + L);
        int end = rows * PANEL;
        for (int k = 0; k < end; k += PANEL) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, m, b + k);
            FloatVector b1 = FloatVector.fromArray(SPECIES, m, b + k + L);
            FloatVector a0 = FloatVector.broadcast(SPECIES, m[a + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, m[a + k + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, m[a + k + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, m[a + k + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, m[a + k + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, m[a + k + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        FloatVector.zero(SPECIES).add(c00).intoArray(g, c);
        FloatVector.zero(SPECIES).add(c01).intoArray(g, c + L);
        FloatVector.zero(SPECIES).add(c10).intoArray(g, c + 1 * PANEL);
        FloatVector.zero(SPECIES).add(c11).intoArray(g, c + 1 * PANEL + L);
        FloatVector.zero(SPECIES).add(c20).intoArray(g, c + 2 * PANEL);
        FloatVector.zero(SPECIES).add(c21).intoArray(g, c + 2 * PANEL + L);
        FloatVector.zero(SPECIES).add(c30).intoArray(g, c + 3 * PANEL);
        FloatVector.zero(SPECIES).add(c31).intoArray(g, c + 3 * PANEL + L);
        FloatVector.zero(SPECIES).add(c40).intoArray(g, c + 4 * PANEL);
        FloatVector.zero(SPECIES).add(c41).intoArray(g, c + 4 * PANEL + L);
        FloatVector.zero(SPECIES).add(c50).intoArray(g, c + 5 * PANEL);
        FloatVector.zero(SPECIES).add(c51).intoArray(g, c + 5 * PANEL + L);
    }

    /** A tile of the products with four columns of A. */
    private static void fourColumns(int rows, float[] m, int a, int b, float[] g, int c) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, g, c);
        FloatVector c01 = FloatVector.fromArray(SPECIES, g, c + L);
        FloatVector c10 = FloatVector.fromArray(SPECIES, g, c + 1 * PANEL);
        FloatVector c11 = FloatVector.fromArray(SPECIES, g, c + 1 * PANEL + L);
        FloatVector c20 = FloatVector.fromArray(SPECIES, g, c + 2 * PANEL);
        FloatVector c21 = FloatVector.fromArray(SPECIES, g, c + 2 * PANEL + L);
        FloatVector c30 = FloatVector.fromArray(SPECIES, g, c + 3 * PANEL);
        FloatVector c31 = FloatVector.fromArray(SPECIES, g, c + 3 * PANEL + L);
        int end = rows * PANEL;
        for (int k = 0; k < end; k += PANEL) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, m, b + k);
            FloatVector b1 = FloatVector.fromArray(SPECIES, m, b + k + L);
            FloatVector a0 = FloatVector.broadcast(SPECIES, m[a + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, m[a + k + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, m[a + k + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, m[a + k + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        FloatVector.zero(SPECIES).add(c00).intoArray(g, c);
        FloatVector.zero(SPECIES).add(c01).intoArray(g, c + L);
        FloatVector.zero(SPECIES).add(c10).intoArray(g, c + 1 * PANEL);
        FloatVector.zero(SPECIES).add(c11).intoArray(g, c + 1 * PANEL + L);
        FloatVector.zero(SPECIES).add(c20).intoArray(g, c + 2 * PANEL);
        FloatVector.zero(SPECIES).add(c21).intoArray(g, c + 2 * PANEL + L);
        FloatVector.zero(SPECIES).add(c30).intoArray(g, c + 3 * PANEL);
        FloatVector.zero(SPECIES).add(c31).intoArray(g, c + 3 * PANEL + L);
    }
}

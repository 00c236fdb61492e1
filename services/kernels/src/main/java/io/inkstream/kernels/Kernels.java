package io.inkstream.kernels;

import java.util.Optional;

/**
 * Operations on stretches of arrays of 32-bit floats. Matrices lie in panels, as {@link Matrix} describes; a stretch of
 * {@code n} elements is a number of complete rows of a panel.
 *
 * <p><b>The guarantee:</b> every implementation computes the same bits, on every processor. Each element of a product is
 * one chain of fused multiply-adds, in ascending order of the inner index, that starts with the value which is there;
 * how rows are grouped into calls makes no difference. Sums over a stretch are sixteen chains, added up in one order
 * ({@link Sixteen}). Every function is made of additions, multiplications, divisions, square roots and fused multiply-adds,
 * which IEEE 754 defines to the bit.
 *
 * <p>An instance belongs to one thread.
 */
public interface Kernels {

    /** The fastest that this processor and this JVM have, for one thread. */
    static Kernels ofThisProcessor() {
        return slowBecause().isEmpty() ? new VectorKernels() : new ScalarKernels();
    }

    /** Why they are slow here, and what to do; empty when they are not. */
    static Optional<String> slowBecause() {
        return Processor.SLOW_BECAUSE;
    }

    /**
     * C ← C + A B, for one panel of C.
     *
     * @param rows rows of A and C
     * @param m has A and C
     * @param a first row of A's first panel
     * @param aPanel elements from one panel of A to the next
     * @param panels panels of A: B has 32 rows for each
     * @param w has B
     * @param b the panel of B
     * @param c first row of C's panel
     */
    void multiplyAdd(int rows, float[] m, int a, int aPanel, int panels, float[] w, int b, int c);

    /**
     * C ← C + Aᵀ B, for one panel of A and one of B.
     *
     * @param rows rows of A and B
     * @param m has A and B
     * @param a first row of A's panel
     * @param b first row of B's panel
     * @param g has C
     * @param c first of the 32 rows of C's panel
     */
    void multiplyTransposedAdd(int rows, float[] m, int a, int b, float[] g, int c);

    /**
     * Copies one row into each row of a panel.
     *
     * @param w has the row
     * @param from index of its first element
     * @param m has the panel
     * @param to first of its rows to be written
     */
    void fillRows(int rows, float[] w, int from, float[] m, int to);

    /**
     * Adds a row of a table to each row of a panel: the row at {@code from[first + r] + offset} to row r.
     *
     * @param w has the table
     * @param m has the panel
     * @param to its first row
     */
    void gatherRows(int rows, float[] w, int[] from, int first, int offset, float[] m, int to);

    /**
     * Adds each row of a panel to a row of a table: row r to the row at {@code to[r] + offset}, in ascending order of r.
     *
     * @param m has the panel
     * @param from its first row
     * @param g has the table
     */
    void scatterRows(int rows, float[] m, int from, float[] g, int[] to, int offset);

    /** Adds the rows of a panel, in ascending order, to the 32 elements from {@code g[to]} on. */
    void addColumnSums(int rows, float[] m, int from, float[] g, int to);

    /** y ← tanh(x); the relative error is at most 3e-7, except for results of less than 1e-34. */
    void tanh(int n, float[] m, int x, int y);

    /** y ← σ(x) = 1/2 + tanh(x/2)/2; the absolute error is at most 1.5e-7. */
    void sigmoid(int n, float[] m, int x, int y);

    /** y ← max(x, 0). */
    void relu(int n, float[] m, int x, int y);

    /** z ← d (1 - y²): the gradient of tanh, from its value y. */
    void tanhGradient(int n, float[] m, int y, int d, int z);

    /** z ← d y (1 - y): the gradient of the sigmoid function, from its value y. */
    void sigmoidGradient(int n, float[] m, int y, int d, int z);

    /** z ← d where y is above 0, else 0: the gradient of max(x, 0), from its value y. */
    void reluGradient(int n, float[] m, int y, int d, int z);

    /** z ← x y. */
    void multiply(int n, float[] m, int x, int y, int z);

    /** z ← x y + a, rounded once. */
    void multiplyAddElements(int n, float[] m, int x, int y, int a, int z);

    /** z ← x + y. */
    void add(int n, float[] m, int x, int y, int z);

    /** z ← x - y. */
    void subtract(int n, float[] m, int x, int y, int z);

    /**
     * The greatest element of a row.
     *
     * @param panel elements from one panel to the next
     */
    float rowMaximum(float[] m, int row, int panel, int panels);

    /** x ← exp(x - shift) for the elements of a row, none of which is above shift; the relative error is at most 2e-7. */
    void rowExponentials(float[] m, int row, int panel, int panels, float shift);

    /** The sum of the elements of a row. */
    float rowSum(float[] m, int row, int panel, int panels);

    /** x ← factor x for the elements of a row. */
    void rowScale(float[] m, int row, int panel, int panels, float factor);

    /** The sum of the squares of a stretch. */
    float sumOfSquares(int n, float[] g, int x);

    /** y ← y + factor x. */
    void addScaled(int n, float[] w, float factor, int x, int y);

    /**
     * One step of Adam for a stretch of a parameter.
     *
     * @param w has all of the following
     * @param gradient index of the gradient
     * @param mean index of the first moment
     * @param square index of the second moment
     * @param parameter index of the parameter
     */
    void adam(int n, float[] w, AdamStep step, int gradient, int mean, int square, int parameter);
}

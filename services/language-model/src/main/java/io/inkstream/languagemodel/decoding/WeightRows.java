package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.network.Tensor;

/**
 * A weight matrix, laid out for products with a vector: row i has the contributions of element i of the input to all
 * elements of the output.
 *
 * <p>The inner loop runs along a row, {@code y[j] += x * row[j]}: its elements do not depend on each other, so the
 * compiler vectorizes it without changing a bit of the result. Each row is an array of its own,
 * because HotSpot leaves the same loop over one array with an offset, {@code w[i * n + j]}, unvectorized (measured on
 * 17 and 25: three to four times slower).
 */
final class WeightRows {

    private final float[][] rows;

    private WeightRows(float[][] rows) {
        this.rows = rows;
    }

    /**
     * Transposes a PyTorch weight.
     *
     * @param weight of shape (outputs, inputs)
     */
    static WeightRows transposed(Tensor weight) {
        int outputs = weight.shape()[0];
        int inputs = weight.shape()[1];
        float[] values = weight.values();
        float[][] rows = new float[inputs][outputs];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                rows[input][output] = values[output * inputs + input];
            }
        }
        return new WeightRows(rows);
    }

    /**
     * Cuts a table into its rows.
     *
     * @param table of shape (rows, columns)
     */
    static WeightRows of(Tensor table) {
        int count = table.shape()[0];
        int columns = table.shape()[1];
        float[][] rows = new float[count][columns];
        for (int row = 0; row < count; row++) {
            System.arraycopy(table.values(), row * columns, rows[row], 0, columns);
        }
        return new WeightRows(rows);
    }

    /** One row: the product with a one-hot vector. Must not be changed. */
    float[] row(int i) {
        return rows[i];
    }

    /**
     * Adds the product with the input to the output, for each lane of a batch: {@code y[b] += x[b] · W}. For each
     * element of an output the rows are added one after the other in ascending order, each product rounded before it is
     * added; four rows are read in one pass, for every lane before the next four, which changes only the order of loads
     * and stores. So a lane's result does not depend on the other lanes.
     *
     * @param outputs (B, columns), changed
     * @param inputs (B, rows)
     * @param lanes B: the number of lanes that are used
     */
    void addProducts(float[][] outputs, float[][] inputs, int lanes) {
        int i = 0;
        for (; i + 4 <= rows.length; i += 4) {
            for (int lane = 0; lane < lanes; lane++) {
                float[] x = inputs[lane];
                addFour(
                        outputs[lane],
                        rows[i],
                        rows[i + 1],
                        rows[i + 2],
                        rows[i + 3],
                        x[i],
                        x[i + 1],
                        x[i + 2],
                        x[i + 3]);
            }
        }
        for (; i < rows.length; i++) {
            for (int lane = 0; lane < lanes; lane++) {
                addOne(outputs[lane], rows[i], inputs[lane][i]);
            }
        }
    }

    private static void addFour(
            float[] y, float[] w0, float[] w1, float[] w2, float[] w3, float x0, float x1, float x2, float x3) {
        int n = y.length;
        for (int j = 0; j < n; j++) {
            y[j] = y[j] + x0 * w0[j] + x1 * w1[j] + x2 * w2[j] + x3 * w3[j];
        }
    }

    private static void addOne(float[] y, float[] w, float x) {
        int n = y.length;
        for (int j = 0; j < n; j++) {
            y[j] = y[j] + x * w[j];
        }
    }
}

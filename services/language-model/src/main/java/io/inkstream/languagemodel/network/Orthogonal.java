package io.inkstream.languagemodel.network;

import java.util.Random;

/**
 * A random matrix with orthonormal columns (Saxe, McClelland and Ganguli 2014): the Gram-Schmidt process on columns of
 * normal values, done twice, so that they are orthogonal to double precision.
 */
final class Orthogonal {

    private Orthogonal() {}

    /**
     * Fills a recurrent weight.
     *
     * @param weight (gates·H, H): its H columns become orthonormal
     */
    static void fill(Tensor weight, Random random) {
        int rows = weight.shape()[0];
        int columns = weight.shape()[1];
        double[][] basis = new double[columns][rows];
        for (int column = 0; column < columns; column++) {
            double[] vector = basis[column];
            for (int row = 0; row < rows; row++) {
                vector[row] = random.nextGaussian();
            }
            removeProjections(vector, basis, column);
            removeProjections(vector, basis, column);
            double norm = Math.sqrt(dot(vector, vector));
            for (int row = 0; row < rows; row++) {
                vector[row] /= norm;
                weight.values()[row * columns + column] = (float) vector[row];
            }
        }
    }

    private static void removeProjections(double[] vector, double[][] basis, int count) {
        for (int i = 0; i < count; i++) {
            double along = dot(vector, basis[i]);
            for (int row = 0; row < vector.length; row++) {
                vector[row] -= along * basis[i][row];
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

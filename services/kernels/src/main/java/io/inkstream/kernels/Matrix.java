package io.inkstream.kernels;

/**
 * Where a matrix lies in an array. It is cut into panels of {@value #PANEL} columns, one after the other; within a panel the
 * elements are in row-major order.
 *
 * @param at index of its first element
 * @param rows number of rows
 * @param columns number of columns, a multiple of {@value #PANEL}
 */
public record Matrix(int at, int rows, int columns) {

    /** Columns of a panel. */
    public static final int PANEL = 32;

    public Matrix {
        if (columns % PANEL != 0) {
            throw new IllegalArgumentException("A matrix of %d columns has incomplete panels".formatted(columns));
        }
    }

    /** The least number of columns that is a multiple of {@value #PANEL} and at least this. */
    public static int padded(int columns) {
        return Math.multiplyExact((columns + PANEL - 1) / PANEL, PANEL);
    }

    /** Number of panels. */
    public int panels() {
        return columns / PANEL;
    }

    /** Number of elements of a panel. */
    public int panelSize() {
        return rows * PANEL;
    }

    /** Index of the first element of a panel. */
    public int panel(int panel) {
        return at + panel * panelSize();
    }

    /** Index of the first element of a row of a panel. */
    public int index(int panel, int row) {
        return panel(panel) + row * PANEL;
    }

    /** Index of an element. */
    public int element(int row, int column) {
        return index(column / PANEL, row) + column % PANEL;
    }

    /** Number of elements. */
    public int size() {
        return rows * columns;
    }
}

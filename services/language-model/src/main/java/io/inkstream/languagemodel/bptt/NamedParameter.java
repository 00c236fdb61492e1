package io.inkstream.languagemodel.bptt;

import io.inkstream.kernels.Matrix;
import io.inkstream.languagemodel.network.NamedTensors;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parameter with the name and the shape that it has in PyTorch.
 *
 * @param name as {@code rnn.weight_hh_l0}
 * @param shape (rows, columns), or (rows) for a bias
 * @param slots where it and what belongs to it lie
 * @param place where an element lies in each of the slots
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record NamedParameter(String name, int[] shape, Slots slots, Place place) {

    private static final String FIRST_MOMENT = "optimizer.exp_avg.";
    private static final String SECOND_MOMENT = "optimizer.exp_avg_sq.";

    /** Where an element of a tensor lies in a matrix. */
    interface Place {

        /** The index of element (row, column); the column of a bias is 0. */
        int index(Matrix matrix, int row, int column);
    }

    /** Writes the parameter and the known part of the optimizer's state to the array. */
    void load(float[] w, Map<String, Tensor> parameters, Map<String, Tensor> optimizer) {
        scatter(NamedTensors.get(parameters, name), w, slots.value());
        if (hasMoments()) {
            load(w, optimizer.get(FIRST_MOMENT + name), slots.mean());
            load(w, optimizer.get(SECOND_MOMENT + name), slots.square());
        }
    }

    /** Adds the parameter and the optimizer's state to these maps. */
    void save(float[] w, Map<String, Tensor> parameters, Map<String, Tensor> optimizer) {
        parameters.put(name, gather(w, slots.value()));
        if (hasMoments()) {
            optimizer.put(FIRST_MOMENT + name, gather(w, slots.mean()));
            optimizer.put(SECOND_MOMENT + name, gather(w, slots.square()));
        }
    }

    /** The gradient. */
    Tensor gradient(float[] w) {
        return gather(w, slots.gradient());
    }

    private boolean hasMoments() {
        return !slots.mean().equals(slots.value());
    }

    private void load(float[] w, @Nullable Tensor tensor, Matrix matrix) {
        if (tensor != null) {
            scatter(tensor, w, matrix);
        }
    }

    private int columns() {
        return shape.length == 2 ? shape[1] : 1;
    }

    private void scatter(Tensor tensor, float[] w, Matrix matrix) {
        int columns = columns();
        for (int row = 0; row < shape[0]; row++) {
            for (int column = 0; column < columns; column++) {
                w[place.index(matrix, row, column)] = tensor.values()[row * columns + column];
            }
        }
    }

    private Tensor gather(float[] w, Matrix matrix) {
        int columns = columns();
        Tensor tensor = Tensor.zeros(shape);
        for (int row = 0; row < shape[0]; row++) {
            for (int column = 0; column < columns; column++) {
                tensor.values()[row * columns + column] = w[place.index(matrix, row, column)];
            }
        }
        return tensor;
    }
}

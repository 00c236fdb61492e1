package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NamedTensors;
import io.inkstream.languagemodel.network.Tensor;
import java.util.Map;

/** How tokens enter the first recurrent layer. */
sealed interface InputLayer {

    /** The input layer of a network. */
    static InputLayer of(ModelShape shape, Map<String, Tensor> parameters) {
        return shape.embedding() > 0
                ? new Embedding(WeightRows.of(NamedTensors.get(parameters, "embedding.weight")))
                : new OneHot();
    }

    /**
     * Starts the gates of the first recurrent layer.
     *
     * @param states of the B lanes
     * @param gates the same arrays (B, gates·H)
     * @param ids the token of each lane
     */
    void startGates(RecurrentLayer first, RecurrentState[] states, float[][] gates, int[] ids);

    /** The layer is fed one-hot vectors. */
    record OneHot() implements InputLayer {

        @Override
        public void startGates(RecurrentLayer first, RecurrentState[] states, float[][] gates, int[] ids) {
            for (int lane = 0; lane < states.length; lane++) {
                first.startGates(states[lane], ids[lane]);
            }
        }
    }

    /**
     * The layer is fed learned vectors.
     *
     * @param table (V, E)
     */
    record Embedding(WeightRows table) implements InputLayer {

        @Override
        public void startGates(RecurrentLayer first, RecurrentState[] states, float[][] gates, int[] ids) {
            float[][] inputs = new float[states.length][];
            for (int lane = 0; lane < states.length; lane++) {
                inputs[lane] = table.row(ids[lane]);
            }
            first.startGates(states, gates, inputs);
        }
    }
}

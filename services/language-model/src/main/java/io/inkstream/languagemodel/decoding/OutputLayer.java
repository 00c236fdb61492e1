package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NamedTensors;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.Map;

/** How the hidden states of the last recurrent layer become logits. */
sealed interface OutputLayer {

    /** The output layer of a network. */
    static OutputLayer of(ModelShape shape, Map<String, Tensor> parameters) {
        return switch (shape.output()) {
            case LINEAR ->
                new Linear(
                        WeightRows.transposed(NamedTensors.get(parameters, "linear.weight")),
                        NamedTensors.get(parameters, "linear.bias").values().clone());
            case HIDDEN -> new Hidden();
        };
    }

    /**
     * Computes the logits of each lane.
     *
     * @param logits (B, V), overwritten
     * @param hidden (B, H)
     */
    void computeLogits(float[][] logits, float[][] hidden);

    /**
     * A linear layer.
     *
     * @param weight transposed: (H, V)
     * @param bias (V)
     */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Linear(WeightRows weight, float[] bias) implements OutputLayer {

        @Override
        public void computeLogits(float[][] logits, float[][] hidden) {
            for (float[] lane : logits) {
                System.arraycopy(bias, 0, lane, 0, bias.length);
            }
            weight.addProducts(logits, hidden, logits.length);
        }
    }

    /** The hidden state is the logits of the tokens 1, 2, …. */
    record Hidden() implements OutputLayer {

        @Override
        public void computeLogits(float[][] logits, float[][] hidden) {
            for (int lane = 0; lane < logits.length; lane++) {
                logits[lane][Vocabulary.UNKNOWN_ID] = ModelShape.NEVER;
                System.arraycopy(hidden[lane], 0, logits[lane], 1, hidden[lane].length);
            }
        }
    }
}

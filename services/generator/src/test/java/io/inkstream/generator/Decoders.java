package io.inkstream.generator;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small decoders with random weights. */
public final class Decoders {

    private Decoders() {}

    /** A decoder of the characters a to d. */
    public static Decoder random(long seed) {
        ModelShape shape = new ModelShape(Cell.GRU, 1, 8, 0, 5);
        Random random = new Random(seed);
        Map<String, Tensor> parameters = new HashMap<>();
        shape.parameterShapes().forEach((name, dimensions) -> {
            Tensor tensor = Tensor.zeros(dimensions);
            for (int i = 0; i < tensor.values().length; i++) {
                tensor.values()[i] = (float) random.nextGaussian();
            }
            parameters.put(name, tensor);
        });
        return new Decoder(shape, parameters, new Vocabulary(List.of("a", "b", "c", "d")), Reading.DEFAULT);
    }
}

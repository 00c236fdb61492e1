package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Decoders with random weights, for tests of how text is generated, whatever it is. */
final class RandomDecoders {

    private RandomDecoders() {}

    /** Weights uniform between -scale and scale. */
    static Map<String, Tensor> parameters(ModelShape shape, long seed, float scale) {
        Random random = new Random(seed);
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        shape.parameterShapes().forEach((name, dimensions) -> {
            Tensor tensor = Tensor.zeros(dimensions);
            for (int i = 0; i < tensor.values().length; i++) {
                tensor.values()[i] = scale * (2 * random.nextFloat() - 1);
            }
            parameters.put(name, tensor);
        });
        return parameters;
    }

    /** A decoder of characters a, b, c, … */
    static Decoder characters(ModelShape shape, long seed) {
        return new Decoder(shape, parameters(shape, seed, 1.5f), letters(shape.vocabulary()), Reading.DEFAULT);
    }

    /** A vocabulary of this size: the unknown token, and a, b, c, … */
    static Vocabulary letters(int size) {
        List<String> entries = new ArrayList<>();
        for (int i = 1; i < size; i++) {
            entries.add(Character.toString('a' + i - 1));
        }
        return new Vocabulary(entries);
    }
}

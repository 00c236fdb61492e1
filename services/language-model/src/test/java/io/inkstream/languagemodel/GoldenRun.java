package io.inkstream.languagemodel;

import io.inkstream.languagemodel.checkpoint.Safetensors;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A few steps of training as PyTorch computed them: tensors and settings of one file.
 *
 * @param file the tensors
 */
public record GoldenRun(Safetensors file) {

    /** The names of all runs, for parameterized tests. */
    public static Stream<String> names() {
        return Stream.of(
                "0-rnn_tanh-1layer-sgd",
                "1-rnn_tanh-1layer-sgd",
                "2-rnn_tanh-2layer-embedding-adam",
                "3-rnn_relu-1layer-sgd",
                "4-gru-1layer-sgd",
                "5-gru-2layer-embedding-adam",
                "6-lstm-1layer-sgd",
                "7-lstm-2layer-embedding-adam");
    }

    /** Reads a run; the test is skipped where there is no folder of them. */
    public static GoldenRun read(String name) throws IOException {
        return new GoldenRun(
                Safetensors.read(Files.readAllBytes(SharedFiles.oracle().resolve(name + ".safetensors"))));
    }

    /** The network. */
    public ModelShape shape() {
        return new ModelShape(
                Cell.valueOf(text("cell").toUpperCase(Locale.ROOT)),
                number("layers"),
                number("hidden"),
                number("embedding"),
                number("vocabulary"));
    }

    /** The parameters before the first step. */
    public Map<String, Tensor> initialParameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        shape().parameterShapes().keySet().forEach(name -> parameters.put(name, file.tensor("initial." + name)));
        return parameters;
    }

    /** A setting that is a whole number. */
    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    /** A setting. */
    public String text(String name) {
        return file.metadata().get(name);
    }
}

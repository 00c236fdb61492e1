package io.inkstream.languagemodel;

import io.inkstream.languagemodel.checkpoint.Safetensors;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.sampling.Minibatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A few steps of training computed by PyTorch: tensors and settings of one file. The project's own files are created by
 * {@code src/test/python/golden_vectors.py}.
 *
 * @param file the tensors
 */
public record GoldenRun(Safetensors file) {

    private static final List<String> SHARED = List.of(
            "0-rnn_tanh-1layer-sgd",
            "1-rnn_tanh-1layer-sgd",
            "2-rnn_tanh-2layer-embedding-adam",
            "3-rnn_relu-1layer-sgd",
            "4-gru-1layer-sgd",
            "5-gru-2layer-embedding-adam",
            "6-lstm-1layer-sgd",
            "7-lstm-2layer-embedding-adam");

    private static final List<String> OWN = List.of(
            "own/rnn_tanh-1layer-sgd",
            "own/rnn_tanh-2layer-embedding-adam",
            "own/rnn_tanh-hidden_output-adam",
            "own/rnn_relu-1layer-sgd",
            "own/gru-1layer-sgd",
            "own/gru-2layer-embedding-adam",
            "own/lstm-1layer-sgd",
            "own/lstm-2layer-embedding-adam");

    /** The names of all runs, for parameterized tests: those of the project, and those of a folder that may be missing. */
    public static Stream<String> names() {
        return Stream.concat(OWN.stream(), SHARED.stream());
    }

    /** Reads a run; without the shared folder the tests of its runs are skipped. */
    public static GoldenRun read(String name) throws IOException {
        if (!OWN.contains(name)) {
            return new GoldenRun(
                    Safetensors.read(Files.readAllBytes(SharedFiles.oracle().resolve(name + ".safetensors"))));
        }
        String resource = "/vectors/%s.safetensors".formatted(name.substring("own/".length()));
        try (InputStream file = GoldenRun.class.getResourceAsStream(resource)) {
            return new GoldenRun(Safetensors.read(file.readAllBytes()));
        }
    }

    /** The network. */
    public ModelShape shape() {
        return new ModelShape(
                Cell.valueOf(text("cell").toUpperCase(Locale.ROOT)),
                number("layers"),
                number("hidden"),
                number("embedding"),
                number("vocabulary"),
                Output.valueOf(file.metadata().getOrDefault("output", "linear").toUpperCase(Locale.ROOT)));
    }

    /** The parameters before the first step. */
    public Map<String, Tensor> initialParameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        shape().parameterShapes().keySet().forEach(name -> parameters.put(name, file.tensor("initial." + name)));
        return parameters;
    }

    /** The minibatch of a step, from 0; the first has a fresh state. */
    public Minibatch minibatch(int step) {
        return new Minibatch(
                number("window"),
                number("batch"),
                timeMajor(file.longs("inputs"), step),
                timeMajor(file.longs("targets"), step),
                step == 0);
    }

    private long[] timeMajor(long[] laneMajor, int step) {
        int lanes = number("batch");
        int window = number("window");
        long[] result = new long[lanes * window];
        for (int lane = 0; lane < lanes; lane++) {
            for (int time = 0; time < window; time++) {
                result[time * lanes + lane] = laneMajor[(step * lanes + lane) * window + time];
            }
        }
        return result;
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

package io.inkstream.benchmarks;

import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.languagemodel.decoding.Generation;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Greedy decoding without Kafka, with random weights and a vocabulary of 28: what the tokens per second of the generator are
 * compared with. Each thread has an equal share of the batch, as in the generator.
 *
 * <pre>DecodingSpeed [cell [hidden [batch [threads]]]]</pre>
 */
public final class DecodingSpeed {

    private static final int VOCABULARY = 28;
    private static final int COMPLETION_TOKENS = 1000;
    private static final int ROUNDS = 5;
    private static final double WARM_UP_SECONDS = 3;
    private static final double ROUND_SECONDS = 1;

    private DecodingSpeed() {}

    /** Prints the tokens per second, the median of five rounds, as one line of JSON. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        Cell cell = Cell.valueOf(args.length > 0 ? args[0].toUpperCase(Locale.ROOT) : "RNN_TANH");
        int hidden = args.length > 1 ? Integer.parseInt(args[1]) : 256;
        int batch = args.length > 2 ? Integer.parseInt(args[2]) : 128;
        int threads = args.length > 3 ? Integer.parseInt(args[3]) : 1;
        Decoder decoder = random(new ModelShape(cell, 1, hidden, 0, VOCABULARY));
        System.out.printf(
                Locale.ROOT,
                "{\"cell\":\"%s\",\"hidden\":%d,\"batch\":%d,\"threads\":%d,\"tokensPerSecond\":%.0f}%n",
                cell,
                hidden,
                batch,
                threads,
                tokensPerSecond(decoder, batch, threads));
    }

    /** The tokens per second of a decoder, the median of five rounds. */
    static double tokensPerSecond(Decoder decoder, int batch, int threads)
            throws InterruptedException, ExecutionException {
        round(decoder, batch, threads, WARM_UP_SECONDS);
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rounds[i] = round(decoder, batch, threads, ROUND_SECONDS);
        }
        return Rounds.median(rounds);
    }

    private static double round(Decoder decoder, int batch, int threads, double seconds)
            throws InterruptedException, ExecutionException {
        List<Callable<Double>> shares = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int share = (batch + threads - 1 - thread) / threads;
            shares.add(() -> decode(decoder, share, seconds));
        }
        return Rounds.together(shares);
    }

    /** Tokens per second of one thread. */
    private static double decode(Decoder decoder, int batch, double seconds) {
        long began = System.nanoTime();
        long duration = Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
        long tokens = 0;
        List<Generation> generations = begin(decoder, batch);
        while (System.nanoTime() - began < duration) {
            decoder.step(generations);
            tokens += batch;
            if (!generations.get(0).state().isRunning()) {
                generations = begin(decoder, batch);
            }
        }
        return tokens / ((System.nanoTime() - began) / 1e9);
    }

    private static List<Generation> begin(Decoder decoder, int batch) {
        List<Generation> generations = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            generations.add(decoder.begin(Character.toString('a' + i % 26), DecodingOptions.greedy(COMPLETION_TOKENS)));
        }
        return generations;
    }

    private static Decoder random(ModelShape shape) {
        Random random = new Random(1);
        double bound = 1 / Math.sqrt(shape.hidden());
        Map<String, Tensor> parameters = new HashMap<>();
        shape.parameterShapes().forEach((name, dimensions) -> {
            Tensor tensor = Tensor.zeros(dimensions);
            for (int i = 0; i < tensor.values().length; i++) {
                tensor.values()[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
            parameters.put(name, tensor);
        });
        Vocabulary vocabulary = new Vocabulary();
        for (int i = 1; i < shape.vocabulary(); i++) {
            vocabulary.add(Character.toString(i < 27 ? 'a' + i - 1 : ' '));
        }
        return new Decoder(shape, parameters, vocabulary, Reading.DEFAULT);
    }
}

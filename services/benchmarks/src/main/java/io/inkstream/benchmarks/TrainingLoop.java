package io.inkstream.benchmarks;

import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The training loop of the trainer without Kafka: what the pipeline's tokens per second are compared with.
 *
 * <pre>TrainingLoop BOOK [cell [epochs [threads [hidden [seed [engine [initialization]]]]]]]</pre>
 */
public final class TrainingLoop {

    private static final int WARM_UP_EPOCHS = 20;

    private TrainingLoop() {}

    /** Prints perplexity and tokens per second as one line of JSON. */
    public static void main(String[] args) throws IOException {
        Path book = Path.of(args[0]);
        Cell cell = Cell.valueOf(args.length > 1 ? args[1].toUpperCase(Locale.ROOT) : "RNN_TANH");
        int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 500;
        int threads = args.length > 3 ? Integer.parseInt(args[3]) : 0;
        int hidden = args.length > 4 ? Integer.parseInt(args[4]) : 256;
        long seed = args.length > 5 ? Long.parseLong(args[5]) : 1;
        String engineName = args.length > 6 ? args[6].toLowerCase(Locale.ROOT) : "auto";
        Initialization initialization =
                Initialization.valueOf(args.length > 7 ? args[7].toUpperCase(Locale.ROOT) : "PYTORCH");

        Engines engines = new Engines(EngineSettings.of(engineName, "auto", threads));
        Engine engine = engines.configured();
        TrainingSettings settings = new TrainingSettings(
                NetworkSettings.of(cell, hidden).with(initialization),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 32, 35).withMaxTokens(10_000),
                new OptimizerSettings(OptimizerRule.SGD, 1, 1),
                epochs,
                seed);
        long started = System.nanoTime();
        long trainedBefore = 0;
        double perplexity = Double.NaN;
        try (TrainingRun run = TrainingRun.begin(Texts.corpus(Files.readString(book)), settings, engines)) {
            while (run.state() instanceof RunState.Training) {
                perplexity =
                        run.step().map(epoch -> epoch.cursor().perplexity()).orElse(perplexity);
                if (run.cursor().epoch() == WARM_UP_EPOCHS && !run.cursor().insideEpoch()) {
                    started = System.nanoTime();
                    trainedBefore = run.cursor().tokensTrained();
                }
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "{\"cell\":\"%s\",\"engine\":\"%s\",\"hidden\":%d,\"device\":\"%s\",\"threads\":%d,\"epochs\":%d,\"perplexity\":%.4f,\"tokensPerSecond\":%.0f}%n",
                    cell,
                    engine.kind().word(),
                    hidden,
                    engine.device(),
                    engine.cpuThreads(),
                    epochs,
                    perplexity,
                    (run.cursor().tokensTrained() - trainedBefore) / seconds);
        }
    }
}

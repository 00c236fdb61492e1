package io.inkstream.benchmarks;

import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.sampling.Sampler;
import io.inkstream.languagemodel.settings.NetworkSettings;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.training.Engines;
import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The first seconds of a training process: when it reaches its full speed, and what that is.
 *
 * <pre>FirstSeconds [cell [hidden [threads [seconds [engine]]]]]</pre>
 */
public final class FirstSeconds {

    private static final int CHARACTERS = 10_000;
    private static final double FULL = 0.9;

    private FirstSeconds() {}

    /** The speed of some consecutive steps. */
    private record Interval(double end, double tokensPerSecond) {}

    /**
     * Prints, as one line of JSON, the median speed of the second half, and the seconds until the speed of a fifth of a second was
     * 90 % of it. They begin when the engine is opened, so the time that it warms up before the first step is among them. At the
     * end, how many cores the machine has then: a process can be slow because it has less of them than it has threads.
     */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        Cell cell = Cell.valueOf(args.length > 0 ? args[0].toUpperCase(Locale.ROOT) : "RNN_TANH");
        int hidden = args.length > 1 ? Integer.parseInt(args[1]) : 256;
        int threads = args.length > 2 ? Integer.parseInt(args[2]) : 0;
        double seconds = args.length > 3 ? Double.parseDouble(args[3]) : 6;
        String engine = args.length > 4 ? args[4].toLowerCase(Locale.ROOT) : "auto";
        Engines engines = new Engines(EngineSettings.of(engine, "auto", threads));
        long opened = System.nanoTime();
        engines.configured().warmUp().join(); // a trainer waits for Kafka meanwhile
        double warmUp = secondsSince(opened);
        List<Interval> intervals = intervals(engines, settings(cell, hidden), seconds);
        double full = Rounds.median(intervals.stream()
                .filter(interval -> interval.end > seconds / 2)
                .mapToDouble(Interval::tokensPerSecond)
                .toArray());
        double fullAfter = warmUp
                + intervals.stream()
                        .filter(interval -> interval.tokensPerSecond >= FULL * full)
                        .findFirst()
                        .orElseThrow()
                        .end;
        System.out.printf(
                Locale.ROOT,
                "{\"cell\":\"%s\",\"hidden\":%d,\"threads\":%d,\"tokensPerSecond\":%.0f,\"fullSpeedAfter\":%.1f,\"cores\":%.2f}%n",
                cell,
                hidden,
                threads,
                full,
                fullAfter,
                EffectiveCores.now());
    }

    private static List<Interval> intervals(Engines engines, TrainingSettings settings, double seconds) {
        List<Interval> intervals = new ArrayList<>();
        try (TrainingRun run = TrainingRun.begin(Texts.corpus(text()), settings, engines)) {
            long began = System.nanoTime();
            long intervalBegan = began;
            long tokens = 0;
            while (run.state() instanceof RunState.Training && secondsSince(began) < seconds) {
                run.step();
                if (secondsSince(intervalBegan) >= 0.2) {
                    long trained = run.cursor().tokensTrained();
                    intervals.add(new Interval(secondsSince(began), (trained - tokens) / secondsSince(intervalBegan)));
                    intervalBegan = System.nanoTime();
                    tokens = trained;
                }
            }
        }
        return intervals;
    }

    private static TrainingSettings settings(Cell cell, int hidden) {
        return new TrainingSettings(
                NetworkSettings.of(cell, hidden),
                SamplingSettings.of(Sampler.Method.SEQUENTIAL, 32, 35),
                new OptimizerSettings(OptimizerRule.SGD, 1, 1),
                Integer.MAX_VALUE,
                1);
    }

    private static double secondsSince(long nanos) {
        return (double) (System.nanoTime() - nanos) / TimeUnit.SECONDS.toNanos(1);
    }

    private static String text() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder(CHARACTERS);
        while (text.length() < CHARACTERS) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}

package io.inkstream.trainer.training;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The trainer's own meters. */
public final class TrainingMeters {

    private final MeterRegistry registry;
    private final Counter tokens;
    private final Counter minibatches;
    private final Counter checkpoints;
    private final Map<String, Gauges> gauges = new ConcurrentHashMap<>();

    /** Meters in a registry. */
    public TrainingMeters(MeterRegistry registry) {
        this.registry = registry;
        this.tokens = Counter.builder("inkstream.trainer.tokens")
                .description("Tokens trained on, every epoch counted")
                .register(registry);
        this.minibatches = Counter.builder("inkstream.trainer.windows")
                .description("Minibatches of windows trained on")
                .register(registry);
        this.checkpoints = Counter.builder("inkstream.trainer.checkpoints")
                .description("Checkpoints committed")
                .register(registry);
    }

    /** Counts a step; one that measures held-out text trains no tokens and is no minibatch. */
    void trained(long tokensOfMinibatch) {
        if (tokensOfMinibatch == 0) {
            return;
        }
        tokens.increment((double) tokensOfMinibatch);
        minibatches.increment();
    }

    void perplexity(String corpus, double perplexity, double validationPerplexity) {
        gauges(corpus).perplexity = perplexity;
        gauges(corpus).validationPerplexity = validationPerplexity;
    }

    void checkpointed(String corpus) {
        checkpoints.increment();
        gauges(corpus).checkpointNanos = System.nanoTime();
    }

    void forget(String corpus) {
        Gauges forgotten = gauges.remove(corpus);
        if (forgotten != null) {
            registry.remove(forgotten.perplexityGauge);
            registry.remove(forgotten.validationGauge);
            registry.remove(forgotten.ageGauge);
        }
    }

    private Gauges gauges(String corpus) {
        return gauges.computeIfAbsent(corpus, name -> new Gauges(registry, name));
    }

    private static final class Gauges {

        private final Gauge perplexityGauge;
        private final Gauge validationGauge;
        private final Gauge ageGauge;
        private volatile double perplexity = Double.NaN;
        private volatile double validationPerplexity = Double.NaN;
        private volatile long checkpointNanos = System.nanoTime();

        Gauges(MeterRegistry registry, String corpus) {
            perplexityGauge = Gauge.builder("inkstream.trainer.perplexity", () -> perplexity)
                    .description("Perplexity of the last completed epoch")
                    .tag("corpus", corpus)
                    .register(registry);
            validationGauge = Gauge.builder("inkstream.trainer.validation.perplexity", () -> validationPerplexity)
                    .description("Perplexity on the held-out tokens after the last completed epoch")
                    .tag("corpus", corpus)
                    .register(registry);
            ageGauge = Gauge.builder(
                            "inkstream.trainer.checkpoint.age", () -> (System.nanoTime() - checkpointNanos) / 1e9)
                    .description("Time since the last checkpoint was committed")
                    .baseUnit("seconds")
                    .tag("corpus", corpus)
                    .register(registry);
        }
    }
}

package io.inkstream.trainer.training;

import io.inkstream.schemas.TrainingState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The trainer's own meters. */
public final class TrainingMeters {

    private final MeterRegistry registry;
    private final Counter tokens;
    private final Counter minibatches;
    private final Counter checkpoints;
    private final Counter deadLetters;
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
        this.deadLetters = Counter.builder("inkstream.trainer.dead.letters")
                .description("Token records sent to the dead letters")
                .register(registry);
        for (TrainingState state : TrainingState.values()) {
            Gauge.builder("inkstream.trainer.corpora", () -> corporaIn(state))
                    .description("Corpora of this trainer whose training was requested, by state")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .strongReference(true)
                    .register(registry);
        }
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

    /**
     * Sets how a training stands.
     *
     * @param backlog tokens to train on before it is done and committed; empty: unknown, so that the last value stays
     */
    void state(String corpus, TrainingState state, OptionalLong backlog) {
        Gauges of = gauges(corpus);
        of.state = Optional.of(state);
        backlog.ifPresent(tokensLeft -> of.backlog = tokensLeft);
    }

    /** Nobody asks for this training any more: nothing is left to do. */
    void withdrawn(String corpus) {
        Gauges known = gauges.get(corpus);
        if (known != null) {
            known.state = Optional.empty();
            known.backlog = 0;
        }
    }

    /** Counts records that were committed to the dead letters. */
    void deadLetters(int count) {
        deadLetters.increment(count);
    }

    private long corporaIn(TrainingState state) {
        return gauges.values().stream()
                .filter(corpus -> corpus.state.equals(Optional.of(state)))
                .count();
    }

    void forget(String corpus) {
        Gauges forgotten = gauges.remove(corpus);
        if (forgotten != null) {
            registry.remove(forgotten.perplexityGauge);
            registry.remove(forgotten.validationGauge);
            registry.remove(forgotten.ageGauge);
            registry.remove(forgotten.backlogGauge);
        }
    }

    private Gauges gauges(String corpus) {
        return gauges.computeIfAbsent(corpus, name -> new Gauges(registry, name));
    }

    private static final class Gauges {

        private final Gauge perplexityGauge;
        private final Gauge validationGauge;
        private final Gauge ageGauge;
        private final Gauge backlogGauge;
        private volatile Optional<TrainingState> state = Optional.empty();
        private volatile long backlog;
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
            backlogGauge = Gauge.builder("inkstream.trainer.backlog", () -> backlog)
                    .description(
                            "Tokens to train on before all that was requested is done and committed, every epoch counted")
                    .baseUnit("tokens")
                    .tag("corpus", corpus)
                    .register(registry);
        }
    }
}

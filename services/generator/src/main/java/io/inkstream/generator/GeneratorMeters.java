package io.inkstream.generator;

import io.inkstream.generator.models.LoadedModel;
import io.inkstream.generator.models.Models;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/** The metrics of the generator. */
final class GeneratorMeters {

    /** Upper bounds of the histograms' buckets: from a token on an idle machine to a request that most clients give up. */
    private static final Duration[] BUCKETS = IntStream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Counter tokens;
    private final Map<FinishReason, Counter> requests = new EnumMap<>(FinishReason.class);
    private final Timer latency;
    private final Timer firstToken;
    private final Set<String> corporaWithAge = ConcurrentHashMap.newKeySet();

    GeneratorMeters(MeterRegistry registry, IntSupplier batchSize, IntSupplier pending) {
        this.registry = registry;
        this.tokens = Counter.builder("inkstream.generator.tokens")
                .description("Tokens generated")
                .register(registry);
        this.latency = Timer.builder("inkstream.generator.latency")
                .description("Time from reading a request to its last token")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        this.firstToken = Timer.builder("inkstream.generator.first.token")
                .description("Time from reading a request to its first token")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        for (FinishReason outcome : FinishReason.values()) {
            requests.put(
                    outcome,
                    Counter.builder("inkstream.generator.requests")
                            .description("Requests answered, by outcome: length, stop or error")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        Gauge.builder("inkstream.generator.batch.size", batchSize, IntSupplier::getAsInt)
                .description("Requests in the batch")
                .strongReference(true)
                .register(registry);
        Gauge.builder("inkstream.generator.requests.open", pending, IntSupplier::getAsInt)
                .description("Requests that were read and are not answered yet")
                .strongReference(true)
                .register(registry);
    }

    /** Registers metrics of the loaded models, and of the corpora whose latest checkpoint cannot be read. */
    void models(Models models) {
        Gauge.builder("inkstream.generator.models.loaded", () -> models.loaded().size())
                .description("Models that are loaded")
                .strongReference(true)
                .register(registry);
        Gauge.builder("inkstream.generator.models.size", models::bytes)
                .description("Heap size of the loaded models")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("inkstream.generator.models.evictions", models, Models::evictions)
                .description("Models that were evicted because of the memory limit")
                .register(registry);
        Gauge.builder("inkstream.generator.checkpoints.unreadable", () -> models.unreadable()
                        .size())
                .description("Corpora whose latest checkpoint cannot be read, so that an older one is served, or none")
                .strongReference(true)
                .register(registry);
    }

    /** Records the time from reading a request to its first token. */
    void begun(double milliseconds) {
        firstToken.record(Math.round(milliseconds * 1000), TimeUnit.MICROSECONDS);
    }

    /** Counts an answered request. */
    void answered(Completion completion) {
        Objects.requireNonNull(requests.get(completion.getFinish())).increment();
        tokens.increment(completion.getTokens());
        latency.record(Math.round(completion.getMilliseconds() * 1000), TimeUnit.MICROSECONDS);
    }

    /** Registers the age of the checkpoint of a model that is served from now on. */
    void loaded(Models models, LoadedModel model) {
        String corpus = model.corpus();
        if (corporaWithAge.add(corpus)) {
            Gauge.builder("inkstream.generator.checkpoint.age", () -> age(models, corpus))
                    .description("Seconds since the checkpoint that is served was written")
                    .baseUnit("seconds")
                    .tag("corpus", corpus)
                    .register(registry);
        }
    }

    private static double age(Models models, String corpus) {
        LoadedModel model = models.loaded().get(corpus);
        return model == null
                ? Double.NaN
                : Duration.between(model.manifest().getCreatedAt(), Instant.now())
                                .toMillis()
                        / 1e3;
    }
}

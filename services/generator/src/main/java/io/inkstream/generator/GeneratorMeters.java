package io.inkstream.generator;

import io.inkstream.generator.models.LoadedModel;
import io.inkstream.generator.models.Models;
import io.inkstream.schemas.Completion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The metrics of the generator. */
final class GeneratorMeters {

    private final MeterRegistry registry;
    private final Counter tokens;
    private final Timer latency;
    private final Set<String> corporaWithAge = ConcurrentHashMap.newKeySet();

    GeneratorMeters(MeterRegistry registry, IntSupplier batchSize, IntSupplier pending) {
        this.registry = registry;
        this.tokens = Counter.builder("inkstream.generator.tokens")
                .description("Tokens generated")
                .register(registry);
        this.latency = Timer.builder("inkstream.generator.latency")
                .description("Time from reading a request to its last token")
                .register(registry);
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

    /** Counts an answered request. */
    void answered(Completion completion) {
        Counter.builder("inkstream.generator.requests")
                .description("Requests answered, by outcome: length, stop or error")
                .tag("outcome", completion.getFinish().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
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

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

/** What the generator counts. */
final class GeneratorMeters {

    private final MeterRegistry registry;
    private final Counter tokens;
    private final Timer latency;
    private final Set<String> corporaWithAge = ConcurrentHashMap.newKeySet();

    GeneratorMeters(MeterRegistry registry, IntSupplier batchSize, IntSupplier underWay) {
        this.registry = registry;
        this.tokens = Counter.builder("inkstream.generator.tokens")
                .description("Tokens generated")
                .register(registry);
        this.latency = Timer.builder("inkstream.generator.latency")
                .description("From reading a request to its last token")
                .register(registry);
        Gauge.builder("inkstream.generator.batch.size", batchSize, IntSupplier::getAsInt)
                .description("Requests that are generated together now")
                .strongReference(true)
                .register(registry);
        Gauge.builder("inkstream.generator.requests.open", underWay, IntSupplier::getAsInt)
                .description("Requests read and not yet answered")
                .strongReference(true)
                .register(registry);
    }

    /** Counts the models that are loaded, what they take, and the corpora whose newest checkpoint cannot be read. */
    void models(Models models) {
        Gauge.builder("inkstream.generator.models.loaded", () -> models.loaded().size())
                .description("Models that are loaded")
                .strongReference(true)
                .register(registry);
        Gauge.builder("inkstream.generator.models.size", models::bytes)
                .description("What the loaded models take of the heap")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("inkstream.generator.models.evictions", models, Models::evictions)
                .description("Models that were let go for want of memory")
                .register(registry);
        Gauge.builder("inkstream.generator.checkpoints.unreadable", () -> models.unreadable()
                        .size())
                .description("Corpora whose newest checkpoint cannot be read, so that an older one serves, or none")
                .strongReference(true)
                .register(registry);
    }

    /** A request is answered. */
    void answered(Completion completion) {
        Counter.builder("inkstream.generator.requests")
                .description("Requests answered, by outcome: length, stop or error")
                .tag("outcome", completion.getFinish().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        tokens.increment(completion.getTokens());
        latency.record(Math.round(completion.getMilliseconds() * 1000), TimeUnit.MICROSECONDS);
    }

    /** A model serves from now on. */
    void loaded(Models models, String corpus) {
        if (corporaWithAge.add(corpus)) {
            Gauge.builder("inkstream.generator.checkpoint.age", () -> age(models, corpus))
                    .description("Seconds since the checkpoint that serves was written")
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

package io.inkstream.generator;

import io.inkstream.generator.generation.GenerationLoops;
import io.inkstream.generator.models.LoadedModel;
import io.inkstream.generator.models.ModelCatalogue;
import io.inkstream.generator.models.Models;
import io.inkstream.generator.requests.InvalidRequestException;
import io.inkstream.generator.requests.PendingRequest;
import io.inkstream.generator.requests.Request;
import io.inkstream.generator.requests.RequestReader;
import io.inkstream.generator.requests.RequestRecord;
import io.inkstream.generator.requests.UnreadableRequestException;
import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of a request to the generation loop: it is parsed, gets the model of its corpus, and joins the loop. Every failure
 * on this path is answered too.
 */
final class RequestFlow {

    private static final Logger log = LoggerFactory.getLogger(RequestFlow.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final RequestReader reader;
    private final ModelCatalogue catalogue;
    private final Models models;
    private final GenerationLoops loops;
    private final Responses responses;
    private final ScheduledExecutorService workers;
    private final ScheduledExecutorService registryReaders;
    private final Consumer<Throwable> broken;

    /**
     * The path through these.
     *
     * @param workers parse requests, and cut their prefixes into tokens
     * @param registryReaders parse requests whose schema has to be loaded from the registry first
     * @param broken receives a failure that would affect every other request too
     */
    RequestFlow(
            RequestReader reader,
            ModelCatalogue catalogue,
            Models models,
            GenerationLoops loops,
            Responses responses,
            ScheduledExecutorService workers,
            ScheduledExecutorService registryReaders,
            Consumer<Throwable> broken) {
        this.reader = reader;
        this.catalogue = catalogue;
        this.models = models;
        this.loops = loops;
        this.responses = responses;
        this.workers = workers;
        this.registryReaders = registryReaders;
        this.broken = broken;
    }

    /** Starts a request; returns at once. */
    void begin(RequestRecord record, PendingRequest pending) {
        begin(record, pending, Duration.ZERO);
    }

    private void begin(RequestRecord record, PendingRequest pending, Duration delay) {
        boolean needsRegistry = reader.needsRegistry(record);
        pending.waitsForRegistry(needsRegistry);
        // Handles its own failures.
        Future<?> unused = (needsRegistry ? registryReaders : workers)
                .schedule(() -> read(record, pending), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void read(RequestRecord record, PendingRequest pending) {
        if (!pending.isPending()) {
            return;
        }
        Request request;
        try {
            request = reader.read(record);
        } catch (InvalidRequestException e) {
            pending.waitsForRegistry(false);
            responses.reject(record, pending, e);
            return;
        } catch (UnreadableRequestException e) {
            pending.waitsForRegistry(false);
            responses.reject(record, pending, e);
            return;
        } catch (RetriableException e) {
            log.atWarn()
                    .addKeyValue("topic", record.record().topic())
                    .addKeyValue("partition", record.record().partition())
                    .addKeyValue("offset", record.record().offset())
                    .addKeyValue("error", e.getMessage())
                    .log("Retrying: request could not be read");
            begin(record, pending, RETRY_PAUSE);
            return;
        } catch (RuntimeException e) {
            broken.accept(e); // for instance a registry that rejects our credentials
            return;
        } catch (OutOfMemoryError | StackOverflowError e) {
            // Caused by this record: the other requests must not be affected.
            responses.reject(record, pending, tooLarge(record, e));
            return;
        }
        pending.waitsForRegistry(false);
        findModel(record, pending, request);
    }

    private static UnreadableRequestException tooLarge(RequestRecord record, Error error) {
        return new UnreadableRequestException(
                "The request at offset %d of %s-%d cannot be read: %s"
                        .formatted(
                                record.record().offset(),
                                record.record().topic(),
                                record.record().partition(),
                                error),
                error);
    }

    private void findModel(RequestRecord record, PendingRequest pending, Request request) {
        Optional<String> corpus = request.corpus().or(this::onlyCorpus);
        if (corpus.isEmpty()) {
            reject(
                    record,
                    pending,
                    request,
                    corpus,
                    "The request has no header inkstream.corpus, which names the corpus: %s."
                            .formatted(models.knownCorpora()));
            return;
        }
        CompletableFuture<LoadedModel> found = models.forRequest(corpus.get());
        Executor executor = found.isDone() ? Runnable::run : workers;
        // Every outcome is answered.
        Future<?> unused = found.whenCompleteAsync(
                (model, failure) -> {
                    if (failure == null) {
                        generate(record, pending, request, model);
                    } else {
                        reject(record, pending, request, corpus, sentence(corpus.get(), failure));
                    }
                },
                executor);
    }

    private void generate(RequestRecord record, PendingRequest pending, Request request, LoadedModel model) {
        if (!pending.isPending()) {
            return;
        }
        try {
            loops.join(new CompletionTask(
                    record,
                    pending,
                    model,
                    model.decoder().begin(request.prefix(), request.options()),
                    record.client(),
                    responses));
        } catch (RuntimeException | OutOfMemoryError e) {
            log.atError().addKeyValue("corpus", model.corpus()).setCause(e).log("Prefix could not be read");
            reject(
                    record,
                    pending,
                    request,
                    Optional.of(model.corpus()),
                    "The prefix could not be read: %s.".formatted(e));
        }
    }

    private void reject(
            RequestRecord record, PendingRequest pending, Request request, Optional<String> corpus, String sentence) {
        responses.reject(
                record, pending, corpus, request.prefix(), request.options().temperature(), sentence);
    }

    private Optional<String> onlyCorpus() {
        SortedSet<String> trained = catalogue.trained();
        return trained.size() == 1 ? Optional.of(trained.first()) : Optional.empty();
    }

    private static String sentence(String corpus, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof InkstreamException) {
            return String.valueOf(cause.getMessage());
        }
        return cause instanceof TimeoutException
                ? "The model of corpus '%s' was not loaded in time: try again.".formatted(corpus)
                : "The model of corpus '%s' could not be loaded: %s.".formatted(corpus, cause);
    }
}

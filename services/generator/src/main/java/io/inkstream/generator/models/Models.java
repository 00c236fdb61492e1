package io.inkstream.generator.models;

import io.inkstream.corpuslog.checkpoints.Branch;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of the corpora that were requested. A model is loaded on the first request, and again in the background when
 * the catalogue has a newer checkpoint; until that is loaded, and when it cannot be, the previous one is served. When the
 * latest cannot be read and none is loaded, the latest readable one that led to it is served instead: never one that a
 * rollback abandoned (see {@link Branch}).
 *
 * <p>The least recently requested models are evicted when all together exceed the memory limit, and loaded again on request.
 * Requests keep the model that they started with until they end, evicted or not. A model that is larger than the limit is
 * served alone.
 *
 * <p>Safe for use by several threads.
 */
public final class Models {

    private static final Logger log = LoggerFactory.getLogger(Models.class);

    private final ModelCatalogue catalogue;
    private final ModelLoader loader;
    private final Executor executor;
    private final ModelListener listener;
    private final Duration firstLoadTimeout;
    private final Duration backOff;
    private final long maxBytes;
    private final Map<String, ModelSlot> slots = new HashMap<>();
    private final AtomicLong evictions = new AtomicLong();
    private long uses;

    /**
     * No models yet.
     *
     * @param executor runs the loading
     * @param listener notified of each model that is served from now on
     * @param firstLoadTimeout how long a request may wait for the first model of its corpus
     * @param backOff how long to wait before a checkpoint that could not be read is tried again
     * @param maxBytes memory limit of the loaded models together
     */
    public Models(
            ModelCatalogue catalogue,
            ModelLoader loader,
            Executor executor,
            ModelListener listener,
            Duration firstLoadTimeout,
            Duration backOff,
            long maxBytes) {
        this.catalogue = catalogue;
        this.loader = loader;
        this.executor = executor;
        this.listener = listener;
        this.firstLoadTimeout = firstLoadTimeout;
        this.backOff = backOff;
        this.maxBytes = maxBytes;
    }

    /**
     * The model for a request for this corpus.
     *
     * @return complete if one is loaded; else completed by its load, or exceptionally with an {@link InkstreamException}
     *     whose message is for the client, or with a {@link java.util.concurrent.TimeoutException}
     */
    public CompletableFuture<LoadedModel> forRequest(String corpus) {
        Optional<CheckpointManifest> latest = catalogue.newest(corpus);
        if (latest.isEmpty()) {
            return CompletableFuture.failedFuture(new InkstreamException(
                    catalogue.isDescribed(corpus)
                            ? "Corpus '%s' has no checkpoint yet: try again when the trainer has committed the first."
                                    .formatted(corpus)
                            : "There is no corpus '%s'; %s.".formatted(corpus, knownCorpora())));
        }
        synchronized (slots) {
            ModelSlot slot = slots.computeIfAbsent(corpus, name -> new ModelSlot());
            slot.used(++uses);
            if (slot.isDue(latest.get())) {
                load(corpus, slot);
            }
            Optional<LoadedModel> model = slot.model();
            if (model.isPresent()) {
                return CompletableFuture.completedFuture(model.get());
            }
            return slot.loading()
                    .map(load -> load.copy().orTimeout(firstLoadTimeout.toMillis(), TimeUnit.MILLISECONDS))
                    .orElseGet(() -> CompletableFuture.failedFuture(slot.error().orElseGet(() -> removed(corpus))));
        }
    }

    /** Called when the catalogue's entry for this corpus has changed. */
    public void changed(String corpus) {
        Optional<CheckpointManifest> latest = catalogue.newest(corpus);
        synchronized (slots) {
            ModelSlot slot = slots.get(corpus);
            if (slot == null || slot.isEvicted()) {
                return; // loaded on request
            }
            if (latest.isEmpty()) {
                slot.clear();
            } else if (slot.isDue(latest.get())) {
                load(corpus, slot);
            }
        }
    }

    /** The models that are served now, by corpus. */
    public SortedMap<String, LoadedModel> loaded() {
        SortedMap<String, LoadedModel> loaded = new TreeMap<>();
        synchronized (slots) {
            slots.forEach((corpus, slot) -> slot.model().ifPresent(model -> loaded.put(corpus, model)));
        }
        return loaded;
    }

    /** The size of the models that are served now. */
    public long bytes() {
        synchronized (slots) {
            return slots.values().stream().mapToLong(ModelSlot::bytes).sum();
        }
    }

    /** Number of evictions so far. */
    public long evictions() {
        return evictions.get();
    }

    /** The corpora whose latest checkpoint could not be read at the last attempt. */
    public List<UnreadableCheckpoint> unreadable() {
        List<UnreadableCheckpoint> unreadable = new ArrayList<>();
        synchronized (slots) {
            slots.forEach((corpus, slot) -> catalogue
                    .newest(corpus)
                    .filter(slot::isUnreadable)
                    .map(latest -> new UnreadableCheckpoint(
                            corpus, latest, slot.model().map(LoadedModel::manifest)))
                    .ifPresent(unreadable::add));
        }
        return unreadable;
    }

    /** The corpora that can be requested, as the end of a sentence. */
    public String knownCorpora() {
        return catalogue.trained().isEmpty()
                ? "no corpus has a checkpoint yet"
                : "there are models of " + String.join(", ", catalogue.trained());
    }

    private void load(String corpus, ModelSlot slot) {
        slot.startLoading();
        executor.execute(() -> catalogue
                .newest(corpus)
                .ifPresentOrElse(latest -> loadLatest(corpus, slot, latest), () -> abortLoad(corpus, slot)));
    }

    /** Ends a load because the model was removed from the catalogue meanwhile. */
    private void abortLoad(String corpus, ModelSlot slot) {
        synchronized (slots) {
            slot.clearFailure();
        }
        fail(corpus, slot, removed(corpus));
    }

    private void loadLatest(String corpus, ModelSlot slot, CheckpointManifest latest) {
        try {
            serve(slot, loader.load(corpus, latest));
        } catch (RuntimeException | OutOfMemoryError e) {
            ModelLoader.logFailure(corpus, latest, e);
            InkstreamException error = new InkstreamException(
                    "The model of corpus '%s' cannot be loaded: %s; try again when there is a newer checkpoint."
                            .formatted(corpus, e.getMessage()),
                    e);
            synchronized (slots) {
                slot.failed(latest, error, backOff);
            }
            // Without memory an older one would not fit either, and an interrupted thread is about to end.
            boolean tryOlder = !(e instanceof Error) && !(e instanceof InterruptException);
            Optional<LoadedModel> older =
                    tryOlder && !servesBranchOf(slot, latest) ? loader.loadFallback(corpus, latest) : Optional.empty();
            older.ifPresentOrElse(model -> serve(slot, model), () -> fail(corpus, slot, error));
        }
    }

    private boolean servesBranchOf(ModelSlot slot, CheckpointManifest latest) {
        synchronized (slots) {
            return slot.model()
                    .filter(model -> Branch.of(latest).holds(model.manifest()))
                    .isPresent();
        }
    }

    private void serve(ModelSlot slot, LoadedModel model) {
        CompletableFuture<LoadedModel> load;
        synchronized (slots) {
            Optional<CheckpointManifest> latest = catalogue.newest(model.corpus());
            load = slot.endLoading();
            if (latest.isPresent()) {
                slot.serve(model);
            } else {
                slot.clear();
            }
            loadIfDue(model.corpus(), slot, latest);
            evictOverLimit();
        }
        log.atInfo()
                .addKeyValue("corpus", model.corpus())
                .addKeyValue("checkpoint", model.manifest().getSha256())
                .addKeyValue("step", model.manifest().getStep())
                .log("Model loaded");
        listener.loaded(this, model);
        load.complete(model);
    }

    private void fail(String corpus, ModelSlot slot, InkstreamException error) {
        CompletableFuture<LoadedModel> load;
        synchronized (slots) {
            load = slot.endLoading();
            Optional<CheckpointManifest> latest = catalogue.newest(corpus);
            boolean abandoned = latest.isPresent() && slot.model().isPresent() && !servesBranchOf(slot, latest.get());
            if (abandoned) {
                slot.clear(); // by a rollback: serving no model is better than serving that one
            }
            loadIfDue(corpus, slot, latest);
        }
        load.completeExceptionally(error);
    }

    private void loadIfDue(String corpus, ModelSlot slot, Optional<CheckpointManifest> latest) {
        if (latest.isPresent() && slot.isDue(latest.get())) {
            load(corpus, slot);
        }
    }

    /** Evicts the least recently requested models, as many as necessary, except the most recently requested one. */
    private void evictOverLimit() {
        long bytes = slots.values().stream().mapToLong(ModelSlot::bytes).sum();
        List<Map.Entry<String, ModelSlot>> candidates = slots.entrySet().stream()
                .filter(entry -> entry.getValue().model().isPresent())
                .sorted(Comparator.comparingLong(entry -> entry.getValue().lastUse()))
                .toList();
        for (Map.Entry<String, ModelSlot> entry : candidates.subList(0, Math.max(0, candidates.size() - 1))) {
            if (bytes <= maxBytes) {
                return;
            }
            if (entry.getValue().loading().isEmpty()) { // else it is considered again when that is loaded
                bytes -= entry.getValue().bytes();
                evict(entry.getKey(), entry.getValue());
            }
        }
        if (bytes > maxBytes) {
            log.atWarn()
                    .addKeyValue("bytes", bytes)
                    .addKeyValue("limit", maxBytes)
                    .log("The models in use exceed the memory limit: increase --models-memory and the heap");
        }
    }

    private void evict(String corpus, ModelSlot slot) {
        log.atInfo()
                .addKeyValue("corpus", corpus)
                .addKeyValue(
                        "checkpoint",
                        slot.model().map(model -> model.manifest().getSha256()).orElse(""))
                .addKeyValue("bytes", slot.bytes())
                .log("Model evicted; it will be loaded again on request");
        slot.evict();
        evictions.incrementAndGet();
    }

    private static InkstreamException removed(String corpus) {
        return new InkstreamException("The model of corpus '%s' was removed.".formatted(corpus));
    }
}

package io.inkstream.generator.models;

import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of the corpora that were asked for. A model is loaded when it is first asked for, and again in the
 * background whenever the catalogue has a newer checkpoint; until that is loaded, and when it cannot be, the one before
 * serves. Safe for use by several threads.
 */
public final class Models {

    private static final Logger log = LoggerFactory.getLogger(Models.class);

    private final ModelCatalogue catalogue;
    private final CheckpointSource checkpoints;
    private final DecoderFactory decoders;
    private final Executor loader;
    private final Consumer<LoadedModel> whenLoaded;
    private final Duration firstLoad;
    private final Duration beforeRetry;
    private final Map<String, Shelf> shelves = new HashMap<>();

    /**
     * No models yet.
     *
     * @param loader runs the loading
     * @param whenLoaded told of each model that begins to serve
     * @param firstLoad how long a request may wait for the first model of its corpus
     * @param beforeRetry how long to leave a checkpoint alone that could not be read
     */
    public Models(
            ModelCatalogue catalogue,
            CheckpointSource checkpoints,
            DecoderFactory decoders,
            Executor loader,
            Consumer<LoadedModel> whenLoaded,
            Duration firstLoad,
            Duration beforeRetry) {
        this.catalogue = catalogue;
        this.checkpoints = checkpoints;
        this.decoders = decoders;
        this.loader = loader;
        this.whenLoaded = whenLoaded;
        this.firstLoad = firstLoad;
        this.beforeRetry = beforeRetry;
    }

    /**
     * The model that a request for this corpus begins with.
     *
     * @return complete at once when one is loaded; else completed by its load, or exceptionally with an {@link
     *     InkstreamException} whose message is for the one who asked, or with a {@link
     *     java.util.concurrent.TimeoutException}
     */
    public CompletableFuture<LoadedModel> forRequest(String corpus) {
        CheckpointManifest manifest = catalogue.newest(corpus).orElse(null);
        if (manifest == null) {
            return CompletableFuture.failedFuture(new InkstreamException(
                    catalogue.isDescribed(corpus)
                            ? "Corpus '%s' has no checkpoint yet: ask again when the trainer has committed the first."
                                    .formatted(corpus)
                            : "There is no corpus '%s'; %s.".formatted(corpus, knownCorpora())));
        }
        synchronized (shelves) {
            Shelf shelf = shelves.computeIfAbsent(corpus, name -> new Shelf());
            if (shelf.isDue(manifest)) {
                load(corpus, shelf);
            }
            if (shelf.loaded != null) {
                return CompletableFuture.completedFuture(shelf.loaded);
            }
            if (!shelf.loading) {
                return CompletableFuture.failedFuture(shelf.failure);
            }
            return shelf.next.copy().orTimeout(firstLoad.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The catalogue's entry for this corpus has changed. */
    public void changed(String corpus) {
        CheckpointManifest manifest = catalogue.newest(corpus).orElse(null);
        synchronized (shelves) {
            Shelf shelf = shelves.get(corpus);
            if (shelf == null) {
                return;
            }
            if (manifest == null) {
                shelf.loaded = null;
            } else if (shelf.isDue(manifest)) {
                load(corpus, shelf);
            }
        }
    }

    /** The models that serve now, by corpus. */
    public SortedMap<String, LoadedModel> loaded() {
        SortedMap<String, LoadedModel> loaded = new TreeMap<>();
        synchronized (shelves) {
            shelves.forEach((corpus, shelf) -> {
                if (shelf.loaded != null) {
                    loaded.put(corpus, shelf.loaded);
                }
            });
        }
        return loaded;
    }

    /** The corpora that can be asked for, as the end of a sentence. */
    public String knownCorpora() {
        return catalogue.trained().isEmpty()
                ? "no corpus has a checkpoint yet"
                : "there are models of " + String.join(", ", catalogue.trained());
    }

    private void load(String corpus, Shelf shelf) {
        shelf.loading = true;
        loader.execute(() -> {
            CheckpointManifest manifest = catalogue.newest(corpus).orElse(null);
            try {
                if (manifest == null) {
                    throw new InkstreamException("The model of corpus '%s' was taken away.".formatted(corpus));
                }
                serve(shelf, new LoadedModel(corpus, manifest, decoders.decoder(checkpoints.read(corpus, manifest))));
            } catch (RuntimeException | OutOfMemoryError e) {
                log.atError()
                        .addKeyValue("corpus", corpus)
                        .addKeyValue("checkpoint", manifest == null ? null : manifest.getSha256())
                        .addKeyValue("problem", e.getMessage())
                        .setCause(e)
                        .log("Checkpoint not loaded; the next one is tried");
                fail(corpus, shelf, manifest, e);
            }
        });
    }

    private void serve(Shelf shelf, LoadedModel model) {
        CompletableFuture<LoadedModel> waiting;
        synchronized (shelves) {
            CheckpointManifest newest = catalogue.newest(model.corpus()).orElse(null);
            shelf.loading = false;
            shelf.loaded = newest == null ? null : model;
            waiting = shelf.turn();
            if (newest != null && shelf.isDue(newest)) {
                load(model.corpus(), shelf);
            }
        }
        log.atInfo()
                .addKeyValue("corpus", model.corpus())
                .addKeyValue("checkpoint", model.manifest().getSha256())
                .addKeyValue("step", model.manifest().getStep())
                .log("Model loaded");
        whenLoaded.accept(model);
        waiting.complete(model);
    }

    private void fail(String corpus, Shelf shelf, CheckpointManifest manifest, Throwable problem) {
        CompletableFuture<LoadedModel> waiting;
        InkstreamException failure = new InkstreamException(
                "The model of corpus '%s' cannot be loaded: %s; ask again when there is a newer checkpoint."
                        .formatted(corpus, problem.getMessage()),
                problem);
        synchronized (shelves) {
            shelf.loading = false;
            shelf.failed = manifest;
            shelf.failure = failure;
            shelf.retryAt = System.nanoTime() + beforeRetry.toNanos();
            waiting = shelf.turn();
            CheckpointManifest newest = catalogue.newest(corpus).orElse(null);
            if (newest != null && shelf.isDue(newest)) {
                load(corpus, shelf);
            }
        }
        waiting.completeExceptionally(failure);
    }

    /** What is known of one corpus; guarded by the map that it is in. */
    private static final class Shelf {
        private LoadedModel loaded;
        private boolean loading;
        private CheckpointManifest failed;
        private InkstreamException failure;
        private long retryAt;
        private CompletableFuture<LoadedModel> next = new CompletableFuture<>();

        /** True when this checkpoint should be loaded and is not on its way. */
        boolean isDue(CheckpointManifest manifest) {
            boolean there = loaded != null && loaded.manifest().equals(manifest);
            boolean leftAlone = manifest.equals(failed) && System.nanoTime() - retryAt < 0;
            return !loading && !there && !leftAlone;
        }

        /** Those who wait for the load that ended; who comes now waits for the next. */
        CompletableFuture<LoadedModel> turn() {
            CompletableFuture<LoadedModel> waiting = next;
            next = new CompletableFuture<>();
            return waiting;
        }
    }
}

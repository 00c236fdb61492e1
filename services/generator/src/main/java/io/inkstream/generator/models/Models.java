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
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of the corpora that were asked for. A model is loaded when it is first asked for, and again in the
 * background whenever the catalogue has a newer checkpoint; until that is loaded, and when it cannot be, the one before
 * serves. When the newest cannot be read and none is loaded, the newest whole one that led to it serves instead: none that a
 * rollback abandoned (see {@link Branch}).
 *
 * <p>Models that were not asked for lately are evicted where together they take more memory than they may, and loaded again
 * when they are asked for. Requests under way keep the model that they began with until they end, evicted or not. A model that is
 * larger than the limit serves alone.
 *
 * <p>Safe for use by several threads.
 */
public final class Models {

    private static final Logger log = LoggerFactory.getLogger(Models.class);

    private final ModelCatalogue catalogue;
    private final CheckpointSource checkpoints;
    private final OlderCheckpoints history;
    private final DecoderFactory decoders;
    private final Executor loader;
    private final Consumer<LoadedModel> whenLoaded;
    private final Duration firstLoad;
    private final Duration beforeRetry;
    private final long memory;
    private final Map<String, Shelf> shelves = new HashMap<>();
    private final AtomicLong evictions = new AtomicLong();
    private long uses;

    /**
     * No models yet.
     *
     * @param loader runs the loading
     * @param whenLoaded told of each model that begins to serve
     * @param firstLoad how long a request may wait for the first model of its corpus
     * @param beforeRetry how long to leave a checkpoint alone that could not be read
     * @param memory what the loaded models may take together, in bytes
     */
    public Models(
            ModelCatalogue catalogue,
            CheckpointSource checkpoints,
            OlderCheckpoints history,
            DecoderFactory decoders,
            Executor loader,
            Consumer<LoadedModel> whenLoaded,
            Duration firstLoad,
            Duration beforeRetry,
            long memory) {
        this.catalogue = catalogue;
        this.checkpoints = checkpoints;
        this.history = history;
        this.decoders = decoders;
        this.loader = loader;
        this.whenLoaded = whenLoaded;
        this.firstLoad = firstLoad;
        this.beforeRetry = beforeRetry;
        this.memory = memory;
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
            shelf.lastUse = ++uses;
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
            if (shelf == null || shelf.evicted) {
                return; // loaded when it is asked for
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

    /** What the models that serve now take, in bytes. */
    public long bytes() {
        synchronized (shelves) {
            return shelves.values().stream().mapToLong(Shelf::bytes).sum();
        }
    }

    /** How often a model was evicted. */
    public long evictions() {
        return evictions.get();
    }

    /** The corpora whose newest checkpoint could not be read when that was last tried. */
    public List<UnreadableNewest> unreadable() {
        List<UnreadableNewest> unreadable = new ArrayList<>();
        synchronized (shelves) {
            shelves.forEach((corpus, shelf) -> catalogue
                    .newest(corpus)
                    .filter(shelf::isUnreadable)
                    .map(newest -> new UnreadableNewest(
                            corpus, newest, Optional.ofNullable(shelf.loaded).map(LoadedModel::manifest)))
                    .ifPresent(unreadable::add));
        }
        return unreadable;
    }

    /** The corpora that can be asked for, as the end of a sentence. */
    public String knownCorpora() {
        return catalogue.trained().isEmpty()
                ? "no corpus has a checkpoint yet"
                : "there are models of " + String.join(", ", catalogue.trained());
    }

    private void load(String corpus, Shelf shelf) {
        shelf.loading = true;
        shelf.evicted = false;
        loader.execute(() -> {
            CheckpointManifest newest = catalogue.newest(corpus).orElse(null);
            try {
                if (newest == null) {
                    throw new InkstreamException("The model of corpus '%s' was taken away.".formatted(corpus));
                }
                serve(shelf, model(corpus, newest));
            } catch (RuntimeException | OutOfMemoryError e) {
                notLoaded(corpus, newest, e);
                leaveAlone(corpus, shelf, newest, e);
                // Without memory an older one would not fit either, and who is interrupted is to end.
                boolean another = newest != null && !(e instanceof Error) && !(e instanceof InterruptException);
                Optional<LoadedModel> older = another ? older(corpus, shelf, newest) : Optional.empty();
                older.ifPresentOrElse(model -> serve(shelf, model), () -> fail(corpus, shelf));
            }
        });
    }

    private LoadedModel model(String corpus, CheckpointManifest manifest) {
        return new LoadedModel(corpus, manifest, decoders.decoder(checkpoints.read(corpus, manifest)));
    }

    /** The newest whole checkpoint of the branch but this one; empty if there is none, or if one serves already. */
    private Optional<LoadedModel> older(String corpus, Shelf shelf, CheckpointManifest unreadable) {
        synchronized (shelves) {
            if (shelf.loaded != null && Branch.of(unreadable).holds(shelf.loaded.manifest())) {
                return Optional.empty();
            }
        }
        List<CheckpointManifest> older;
        try {
            older = history.fallbacks(corpus, unreadable);
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue("problem", e.getMessage())
                    .setCause(e)
                    .log("Older checkpoints cannot be looked for");
            return Optional.empty();
        }
        for (CheckpointManifest manifest : older) {
            try {
                LoadedModel model = model(corpus, manifest);
                log.atWarn()
                        .addKeyValue("corpus", corpus)
                        .addKeyValue("unreadable", unreadable.getSha256())
                        .addKeyValue("serving", manifest.getSha256())
                        .log("An older checkpoint serves");
                return Optional.of(model);
            } catch (RuntimeException | OutOfMemoryError e) {
                notLoaded(corpus, manifest, e);
            }
        }
        return Optional.empty();
    }

    private static void notLoaded(String corpus, CheckpointManifest manifest, Throwable problem) {
        log.atError()
                .addKeyValue("corpus", corpus)
                .addKeyValue("checkpoint", manifest == null ? null : manifest.getSha256())
                .addKeyValue("problem", problem.getMessage())
                .setCause(problem)
                .log("Checkpoint not loaded");
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
            evictBeyondTheLimit();
        }
        log.atInfo()
                .addKeyValue("corpus", model.corpus())
                .addKeyValue("checkpoint", model.manifest().getSha256())
                .addKeyValue("step", model.manifest().getStep())
                .log("Model loaded");
        whenLoaded.accept(model);
        waiting.complete(model);
    }

    /** Lets go of the models that were asked for longest ago, as many as it takes; the one that was asked for last stays. */
    private void evictBeyondTheLimit() {
        long bytes = shelves.values().stream().mapToLong(Shelf::bytes).sum();
        List<Map.Entry<String, Shelf>> candidates = shelves.entrySet().stream()
                .filter(entry -> entry.getValue().loaded != null)
                .sorted(Comparator.comparingLong(entry -> entry.getValue().lastUse))
                .toList();
        for (Map.Entry<String, Shelf> entry : candidates.subList(0, Math.max(0, candidates.size() - 1))) {
            if (bytes <= memory) {
                return;
            }
            Shelf shelf = entry.getValue();
            if (!shelf.loading) { // else its turn comes when that is loaded
                bytes -= shelf.bytes();
                log.atInfo()
                        .addKeyValue("corpus", entry.getKey())
                        .addKeyValue("checkpoint", shelf.loaded.manifest().getSha256())
                        .addKeyValue("bytes", shelf.bytes())
                        .log("Model evicted; it is loaded again when it is asked for");
                shelf.loaded = null;
                shelf.evicted = true;
                evictions.incrementAndGet();
            }
        }
        if (bytes > memory) {
            log.atWarn()
                    .addKeyValue("bytes", bytes)
                    .addKeyValue("limit", memory)
                    .log(
                            "The models that are in use take more memory than they may: raise --models-memory, and the heap with it");
        }
    }

    private void leaveAlone(String corpus, Shelf shelf, CheckpointManifest manifest, Throwable problem) {
        synchronized (shelves) {
            shelf.failed = manifest;
            shelf.failure = new InkstreamException(
                    "The model of corpus '%s' cannot be loaded: %s; ask again when there is a newer checkpoint."
                            .formatted(corpus, problem.getMessage()),
                    problem);
            shelf.retryAt = System.nanoTime() + beforeRetry.toNanos();
        }
    }

    private void fail(String corpus, Shelf shelf) {
        CompletableFuture<LoadedModel> waiting;
        InkstreamException failure;
        synchronized (shelves) {
            shelf.loading = false;
            failure = shelf.failure;
            waiting = shelf.turn();
            CheckpointManifest newest = catalogue.newest(corpus).orElse(null);
            if (newest != null && shelf.loaded != null && !Branch.of(newest).holds(shelf.loaded.manifest())) {
                shelf.loaded = null; // a rollback abandoned it: rather none than that one
            }
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
        private long lastUse;
        private boolean evicted;
        private CompletableFuture<LoadedModel> next = new CompletableFuture<>();

        /** True when this checkpoint was tried, and something else serves, or nothing. */
        boolean isUnreadable(CheckpointManifest manifest) {
            return manifest.equals(failed) && !isLoaded(manifest);
        }

        private boolean isLoaded(CheckpointManifest manifest) {
            return loaded != null && loaded.manifest().equals(manifest);
        }

        /** True when this checkpoint should be loaded and is not on its way. */
        boolean isDue(CheckpointManifest manifest) {
            boolean leftAlone = manifest.equals(failed) && !evicted && System.nanoTime() - retryAt < 0;
            return !loading && !isLoaded(manifest) && !leftAlone;
        }

        long bytes() {
            return loaded == null ? 0 : loaded.decoder().bytes();
        }

        /** Those who wait for the load that ended; who comes now waits for the next. */
        CompletableFuture<LoadedModel> turn() {
            CompletableFuture<LoadedModel> waiting = next;
            next = new CompletableFuture<>();
            return waiting;
        }
    }
}

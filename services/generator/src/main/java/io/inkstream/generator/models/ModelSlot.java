package io.inkstream.generator.models;

import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The model of one corpus in {@link Models}: what is served, whether a model is being loaded, and what could not be loaded.
 * Guarded by {@link Models}.
 *
 * <pre>
 *  Empty ──loaded──► Serving ──newer checkpoint loaded──► Serving
 *                       │ ▲
 *          memory limit │ │ loaded again
 *                       ▼ │
 *                     Evicted          Serving ──model removed or abandoned──► Empty
 * </pre>
 */
final class ModelSlot {

    private Content content = new Content.Empty();
    private Optional<CompletableFuture<LoadedModel>> load = Optional.empty();
    private Optional<FailedLoad> failed = Optional.empty();
    private long lastUse;

    private sealed interface Content {

        record Empty() implements Content {}

        record Serving(LoadedModel model) implements Content {}

        record Evicted() implements Content {}
    }

    /**
     * The last checkpoint that could not be loaded.
     *
     * @param checkpoint its manifest
     * @param error for those who requested it
     * @param retryAt when to try again, by {@link System#nanoTime()}
     */
    private record FailedLoad(CheckpointManifest checkpoint, InkstreamException error, long retryAt) {}

    /** The model that is served, if there is one. */
    Optional<LoadedModel> model() {
        return content instanceof Content.Serving serving ? Optional.of(serving.model()) : Optional.empty();
    }

    /** The size of the model that is served, in bytes. */
    long bytes() {
        return model().map(model -> model.decoder().bytes()).orElse(0L);
    }

    boolean isEvicted() {
        return content instanceof Content.Evicted;
    }

    /** The load in progress, if there is one. */
    Optional<CompletableFuture<LoadedModel>> loading() {
        return load;
    }

    /** The error of the last load that failed. */
    Optional<InkstreamException> error() {
        return failed.map(FailedLoad::error);
    }

    /** True when this checkpoint could not be loaded, and is not served. */
    boolean isUnreadable(CheckpointManifest checkpoint) {
        return isFailed(checkpoint) && !isServing(checkpoint);
    }

    /** True when this checkpoint should be loaded now. */
    boolean isDue(CheckpointManifest checkpoint) {
        boolean backingOff = isFailed(checkpoint)
                && !isEvicted()
                && failed.map(load -> System.nanoTime() - load.retryAt() < 0).orElse(false);
        return load.isEmpty() && !isServing(checkpoint) && !backingOff;
    }

    long lastUse() {
        return lastUse;
    }

    void used(long use) {
        lastUse = use;
    }

    void startLoading() {
        load = Optional.of(new CompletableFuture<>());
        if (isEvicted()) {
            content = new Content.Empty();
        }
    }

    /** Ends the load in progress; returns what to complete. */
    CompletableFuture<LoadedModel> endLoading() {
        CompletableFuture<LoadedModel> ended = load.orElseGet(CompletableFuture::new);
        load = Optional.empty();
        return ended;
    }

    void serve(LoadedModel model) {
        content = new Content.Serving(model);
    }

    void clear() {
        content = new Content.Empty();
    }

    void evict() {
        content = new Content.Evicted();
    }

    void failed(CheckpointManifest checkpoint, InkstreamException error, Duration backOff) {
        failed = Optional.of(new FailedLoad(checkpoint, error, System.nanoTime() + backOff.toNanos()));
    }

    void clearFailure() {
        failed = Optional.empty();
    }

    private boolean isFailed(CheckpointManifest checkpoint) {
        return failed.filter(load -> load.checkpoint().equals(checkpoint)).isPresent();
    }

    private boolean isServing(CheckpointManifest checkpoint) {
        return model().filter(model -> model.manifest().equals(checkpoint)).isPresent();
    }
}

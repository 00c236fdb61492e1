package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads models from checkpoints.
 *
 * @param checkpoints reads checkpoints
 * @param fallbacks finds older checkpoints
 * @param decoders creates decoders from them
 */
public record ModelLoader(CheckpointSource checkpoints, CheckpointFallbacks fallbacks, DecoderFactory decoders) {

    private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);

    /** Loads a checkpoint, or throws. */
    LoadedModel load(String corpus, CheckpointManifest manifest) {
        return new LoadedModel(corpus, manifest, decoders.decoder(checkpoints.read(corpus, manifest)));
    }

    /** Loads the latest readable checkpoint of the branch other than this one; empty if there is none. */
    Optional<LoadedModel> loadFallback(String corpus, CheckpointManifest unreadable) {
        List<CheckpointManifest> older;
        try {
            older = fallbacks.fallbacks(corpus, unreadable);
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("corpus", corpus)
                    .addKeyValue("error", e.getMessage())
                    .setCause(e)
                    .log("Older checkpoints could not be found");
            return Optional.empty();
        }
        for (CheckpointManifest manifest : older) {
            try {
                LoadedModel model = load(corpus, manifest);
                log.atWarn()
                        .addKeyValue("corpus", corpus)
                        .addKeyValue("unreadable", unreadable.getSha256())
                        .addKeyValue("checkpoint", manifest.getSha256())
                        .log("Serving an older checkpoint");
                return Optional.of(model);
            } catch (RuntimeException | OutOfMemoryError e) {
                logFailure(corpus, manifest, e);
            }
        }
        return Optional.empty();
    }

    /** Logs that a checkpoint could not be loaded. */
    static void logFailure(String corpus, CheckpointManifest manifest, Throwable failure) {
        log.atError()
                .addKeyValue("corpus", corpus)
                .addKeyValue("checkpoint", manifest.getSha256())
                .addKeyValue("error", failure.getMessage())
                .setCause(failure)
                .log("Checkpoint could not be loaded");
    }
}

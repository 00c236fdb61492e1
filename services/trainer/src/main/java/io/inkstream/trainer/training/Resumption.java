package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingSpec;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a training resumes: from the newest checkpoint or, if that is damaged, from the newest older one that is whole.
 *
 * @param manifest of the checkpoint
 * @param checkpoint the checkpoint, read
 */
record Resumption(CheckpointManifest manifest, Checkpoint checkpoint) {

    private static final Logger log = LoggerFactory.getLogger(Resumption.class);

    /**
     * Looks for the checkpoint to resume from.
     *
     * @param newest the newest manifest
     * @param settings what the spec asks for
     * @param reading how the corpus is read
     * @return empty when the newest checkpoint is of another model, so that training starts from scratch
     * @throws CheckpointUnreadableException if Kafka is unavailable, or no checkpoint can be read whole
     * @throws IllegalArgumentException if the newest is of a format that this version does not read
     */
    static Optional<Resumption> of(
            String corpus,
            CheckpointManifest newest,
            TrainingSettings settings,
            Reading reading,
            CheckpointSource checkpoints) {
        if (isOfAnotherModel(newest, settings)) {
            return Optional.empty(); // whether it is whole or not
        }
        try {
            return Optional.of(new Resumption(newest, checkpoints.read(corpus, newest)))
                    .filter(found -> found.fits(settings, reading));
        } catch (CheckpointUnreadableException e) {
            requireLasting(corpus, e);
            return Optional.of(
                    older(corpus, newest, settings, reading, checkpoints).orElseThrow(() -> e));
        }
    }

    private static Optional<Resumption> older(
            String corpus,
            CheckpointManifest newest,
            TrainingSettings settings,
            Reading reading,
            CheckpointSource checkpoints) {
        for (CheckpointManifest older : checkpoints.fallbacks(corpus, newest)) {
            if (!isOfAnotherModel(older, settings)) {
                try {
                    Resumption found = new Resumption(older, checkpoints.read(corpus, older));
                    if (found.fits(settings, reading)) {
                        return Optional.of(found);
                    }
                } catch (CheckpointUnreadableException e) {
                    requireLasting(corpus, e);
                }
            }
        }
        return Optional.empty();
    }

    /** True when the settings describe another model than that of a checkpoint, as far as its manifest shows. */
    private static boolean isOfAnotherModel(CheckpointManifest manifest, TrainingSettings settings) {
        TrainingSpec trained = manifest.getSpec().getTraining();
        return trained != null && !SpecConversion.settings(trained).canContinueWith(settings);
    }

    private boolean fits(TrainingSettings settings, Reading reading) {
        return checkpoint.settings().canContinueWith(settings)
                && checkpoint.reading().equals(reading);
    }

    /** An outage is no reason to resume from an older one. */
    private static void requireLasting(String corpus, CheckpointUnreadableException e) {
        if (!e.lasting()) {
            throw e;
        }
        log.atError()
                .addKeyValue("corpus", corpus)
                .addKeyValue("error", e.getMessage())
                .log("Checkpoint is damaged");
    }
}

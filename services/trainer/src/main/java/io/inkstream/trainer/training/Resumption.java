package io.inkstream.trainer.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.settings.TrainingSettings;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.corpuslog.checkpoints.CheckpointUnreadableException;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.trainer.training.CorpusTraining.CheckpointSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a training goes on: at the newest checkpoint or, where that is damaged, at the newest older one that is whole.
 *
 * @param manifest of the checkpoint
 * @param checkpoint the checkpoint, read
 */
record Resumption(CheckpointManifest manifest, Checkpoint checkpoint) {

    private static final Logger log = LoggerFactory.getLogger(Resumption.class);

    /**
     * Looks for it.
     *
     * @param newest the newest manifest
     * @param settings what is wanted now
     * @param reading how the corpus is read
     * @return empty when the newest checkpoint is of another model, so that training begins anew
     * @throws CheckpointUnreadableException if Kafka does not answer, or none can be read whole
     * @throws IllegalArgumentException if the newest is of a format that this version does not read
     */
    static Optional<Resumption> of(
            String corpus,
            CheckpointManifest newest,
            TrainingSettings settings,
            Reading reading,
            CheckpointSource checkpoints) {
        if (isOfAnotherModel(newest, settings)) {
            return Optional.empty(); // be it whole or not
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

    /** Whether what is wanted is the model of this checkpoint, as far as its manifest tells. */
    private static boolean isOfAnotherModel(CheckpointManifest manifest, TrainingSettings settings) {
        TrainingSpec trained = manifest.getSpec().getTraining();
        return trained != null && !SpecConversion.settings(trained).canContinueWith(settings);
    }

    private boolean fits(TrainingSettings settings, Reading reading) {
        return checkpoint.settings().canContinueWith(settings)
                && checkpoint.reading().equals(reading);
    }

    /** An outage is no reason to go on from an older one. */
    private static void requireLasting(String corpus, CheckpointUnreadableException e) {
        if (!e.lasting()) {
            throw e;
        }
        log.atError().addKeyValue("corpus", corpus).log(e.getMessage());
    }
}

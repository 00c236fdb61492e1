package io.inkstream.trainer.training;

import io.inkstream.schemas.CheckpointManifest;
import java.util.Objects;

/** What was committed of a corpus's model, and where the run in memory hangs on it. */
final class Lineage {

    /** The newest manifest on the models topic, or null. */
    private CheckpointManifest newest;

    /** SHA-256 of the checkpoint that the run went on from, or null. */
    private String parent;

    /** Steps of the run up to which nothing is lost. */
    private long keptStep;

    /**
     * Completed epochs that have been published. Their steps do not say it: a checkpoint while held-out text is measured has all
     * steps of an epoch that is not completed.
     */
    private int publishedEpochs;

    /** SHA-256 of the checkpoint that was sent last, whether or not it was committed. */
    private String attempted;

    Lineage(CheckpointManifest newest) {
        this.newest = newest;
    }

    /** The newest manifest on the models topic, or null. */
    CheckpointManifest newest() {
        return newest;
    }

    /** SHA-256 of the checkpoint that the run went on from; null for one that began from nothing. */
    String parent() {
        return parent;
    }

    /** The run begins from nothing. */
    void beginAnew() {
        parent = null;
        keptStep = 0;
        publishedEpochs = 0;
    }

    /**
     * The run goes on from a checkpoint. If it is not the newest, the newest is damaged: its epochs are repeated, but were
     * published, and a whole checkpoint is due.
     */
    void goOnFrom(CheckpointManifest checkpoint) {
        boolean fallback = !checkpoint.equals(newest);
        parent = checkpoint.getSha256();
        keptStep = fallback ? checkpoint.getStep() - 1 : checkpoint.getStep();
        publishedEpochs = newest.getEpoch();
    }

    /** A checkpoint is about to be committed. */
    void attempt(String sha256) {
        attempted = sha256;
    }

    /** A checkpoint of the run was committed. */
    void committed(CheckpointManifest manifest) {
        newest = manifest;
        parent = manifest.getSha256();
        keptStep = manifest.getStep();
        publishedEpochs = Math.max(publishedEpochs, manifest.getEpoch());
    }

    /**
     * Holds what the models topic has against what is known here, after a time in which others may have written to it.
     *
     * @return true when the run can go on: nothing was committed, or what was sent last
     */
    boolean agreesWith(CheckpointManifest found) {
        if (Objects.equals(found, newest)) {
            return true;
        }
        boolean ours = found != null && found.getSha256().equals(attempted) && found.getRolledBackFrom() == null;
        if (ours) {
            committed(found); // the answer to the commit was lost, the commit was not
        } else {
            newest = found;
        }
        return ours;
    }

    /** True when these steps of the run are in no checkpoint yet. */
    boolean lacks(long step) {
        return step > keptStep;
    }

    /** True when the epoch that was completed as the run's so-manieth has not been published. */
    boolean unpublished(int epoch) {
        return epoch > publishedEpochs;
    }
}

package io.inkstream.trainer.training;

import io.inkstream.schemas.CheckpointManifest;
import java.util.Optional;

/** What was committed of a corpus's model, and which committed checkpoint the run in memory descends from. */
final class Lineage {

    /** The newest manifest on the models topic. */
    private Optional<CheckpointManifest> newest;

    /** SHA-256 of the checkpoint that the run resumed from or committed last. */
    private Optional<String> parent = Optional.empty();

    /** Steps of the run up to which nothing is lost. */
    private long committedStep;

    /** Tokens that the run had trained on by then. */
    private long committedTokens;

    /**
     * Completed epochs that have been published. Their steps do not show it: a checkpoint while held-out text is measured has
     * all steps of an epoch that is not completed.
     */
    private int publishedEpochs;

    /** SHA-256 of the checkpoint that was sent last, whether or not it was committed. */
    private Optional<String> attempted = Optional.empty();

    Lineage(Optional<CheckpointManifest> newest) {
        this.newest = newest;
    }

    /** The newest manifest on the models topic. */
    Optional<CheckpointManifest> newest() {
        return newest;
    }

    /** SHA-256 of the checkpoint that the run descends from; empty for one that began from nothing. */
    Optional<String> parent() {
        return parent;
    }

    /** The run begins from nothing. */
    void begin() {
        parent = Optional.empty();
        committedStep = 0;
        committedTokens = 0;
        publishedEpochs = 0;
    }

    /**
     * The run resumes from a checkpoint. If that is not the newest, the newest is damaged: its epochs are repeated, but were
     * published, and a whole checkpoint is due.
     */
    void resumeFrom(CheckpointManifest checkpoint) {
        boolean fallback = !Optional.of(checkpoint).equals(newest);
        parent = Optional.of(checkpoint.getSha256());
        committedStep = fallback ? checkpoint.getStep() - 1 : checkpoint.getStep();
        committedTokens = checkpoint.getTokensTrained();
        publishedEpochs = newest.map(CheckpointManifest::getEpoch).orElse(checkpoint.getEpoch());
    }

    /** A checkpoint is about to be committed. */
    void attempt(String sha256) {
        attempted = Optional.of(sha256);
    }

    /** A checkpoint of the run was committed. */
    void committed(CheckpointManifest manifest) {
        newest = Optional.of(manifest);
        parent = Optional.of(manifest.getSha256());
        committedStep = manifest.getStep();
        committedTokens = manifest.getTokensTrained();
        publishedEpochs = Math.max(publishedEpochs, manifest.getEpoch());
    }

    /**
     * Compares what the models topic has with what is known here, after a time in which others may have written to it.
     *
     * @return true when the run can continue: nothing was committed, or what was sent last
     */
    boolean agreesWith(Optional<CheckpointManifest> found) {
        if (found.equals(newest)) {
            return true;
        }
        boolean ours = found.filter(manifest -> manifest.getRolledBackFrom() == null)
                .map(CheckpointManifest::getSha256)
                .filter(sha256 -> attempted.equals(Optional.of(sha256)))
                .isPresent();
        if (ours) {
            committed(found.orElseThrow()); // the reply to the commit was lost, the commit was not
        } else {
            newest = found;
        }
        return ours;
    }

    /** True when these steps of the run are in no checkpoint yet. */
    boolean lacks(long step) {
        return step > committedStep;
    }

    /**
     * How many of these tokens are in no checkpoint yet.
     *
     * @param tokensTrained by the run
     */
    long lackedTokens(long tokensTrained) {
        return Math.max(0, tokensTrained - committedTokens);
    }

    /** True when the run's epoch of this number has not been published. */
    boolean unpublished(int epoch) {
        return epoch > publishedEpochs;
    }
}

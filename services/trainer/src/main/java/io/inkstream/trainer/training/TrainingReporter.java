package io.inkstream.trainer.training;

import io.inkstream.schemas.TrainingProgress;

/** Reports how training stands, as live progress and on the meters. Used by the training thread only. */
final class TrainingReporter implements AutoCloseable {

    private final LiveProgress live;
    private final TrainingMeters meters;

    TrainingReporter(LiveProgress live, TrainingMeters meters) {
        this.live = live;
        this.meters = meters;
    }

    /** Counts a step of so many tokens. */
    void stepped(long tokens) {
        meters.trained(tokens);
    }

    /** Counts a committed checkpoint. */
    void checkpointed(String corpus) {
        meters.checkpointed(corpus);
    }

    /**
     * Reports how a training stands, if it is time to or something changed.
     *
     * @param trained whether it has just trained; if so, it is reported less often
     * @throws io.inkstream.corpuslog.checkpoints.OwnershipLostException if another owns the partition
     */
    void report(OwnedPartition partition, CorpusTraining training, boolean trained) {
        String corpus = training.corpus();
        long now = System.nanoTime();
        if (trained && !live.due(corpus, now)) {
            return;
        }
        TrainingProgress progress = training.liveProgress();
        if (live.shouldPublish(corpus, progress, now)) {
            partition.requireOwnership();
            live.publish(partition.tokens().partition(), corpus, progress, System.nanoTime());
        }
        meters.perplexity(corpus, training.perplexity(), training.validationPerplexity());
        meters.state(corpus, progress.getState(), training.backlog());
    }

    /** Reports that no training of a corpus is requested any more. */
    void withdrawn(String corpus) {
        meters.withdrawn(corpus);
    }

    /** Counts records that were committed to the dead letters. */
    void deadLetters(int count) {
        meters.deadLetters(count);
    }

    /** Forgets a corpus that is no longer owned. */
    void forget(String corpus) {
        live.forget(corpus);
        meters.forget(corpus);
    }

    @Override
    public void close() {
        live.close();
    }
}

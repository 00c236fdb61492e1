package io.inkstream.trainer.training;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.checkpoints.PreparedCheckpoint;
import java.util.Optional;

/** Commits the checkpoints of trainings when they are due. Used by the training thread only. */
final class Checkpointer {

    private final CheckpointSlots slots;
    private final CheckpointSchedule schedule;
    private final TrainingReporter reporter;

    Checkpointer(CheckpointSlots slots, CheckpointSchedule schedule, TrainingReporter reporter) {
        this.slots = slots;
        this.schedule = schedule;
        this.reporter = reporter;
    }

    /** Commits a checkpoint if one is due; returns whether it was. */
    boolean commitIfDue(OwnedPartition partition, CorpusTraining training) {
        boolean due = schedule.due(training.corpus(), training.uncommitted());
        if (due) {
            commit(partition, training);
        }
        return due;
    }

    /** Commits what a training has in memory and no checkpoint holds. */
    void commitRest(OwnedPartition partition, CorpusTraining training) {
        if (training.hasUncommittedSteps()) {
            commit(partition, training);
        }
    }

    /** Forgets a corpus that is no longer owned. */
    void forget(String corpus) {
        schedule.forget(corpus);
    }

    private void commit(OwnedPartition partition, CorpusTraining training) {
        Optional<PreparedCheckpoint> checkpoint = training.prepare(slots);
        if (partition.allowTimeFor(checkpoint.map(PreparedCheckpoint::bytes).orElse(0L))) {
            checkpoint = training.prepare(slots);
        }
        if (checkpoint.isPresent()) {
            schedule.written(training.corpus());
            if (partition.commit(training, checkpoint.get())) {
                reporter.checkpointed(training.corpus());
            }
        }
    }
}

package io.inkstream.trainer.training;

import io.inkstream.languagemodel.training.RunState;
import io.inkstream.trainer.followers.RollbackFollower;
import io.inkstream.trainer.followers.SpecFollower;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Which corpus trains next, and for how long: all corpora of a partition in rotation, each for one time slice. Used by the
 * training thread only.
 */
final class CorpusRotation {

    private static final long SLICE_NANOS = Duration.ofMillis(250).toNanos();

    private final SpecFollower specs;
    private final RollbackFollower rollbacks;
    private final CheckpointSource checkpoints;
    private final Checkpointer checkpointer;
    private final TrainingReporter reporter;

    CorpusRotation(
            SpecFollower specs,
            RollbackFollower rollbacks,
            CheckpointSource checkpoints,
            Checkpointer checkpointer,
            TrainingReporter reporter) {
        this.specs = specs;
        this.rollbacks = rollbacks;
        this.checkpoints = checkpoints;
        this.checkpointer = checkpointer;
        this.reporter = reporter;
    }

    /** True when what is trained next is known: the tokens and the specs are read. */
    boolean ready(OwnedPartition partition) {
        return partition.tokens().caughtUp() && specs.caughtUp();
    }

    /**
     * Gives each corpus of an owned partition a slice, and commits what is due.
     *
     * @param interrupted true when slices should end soon
     * @return whether any corpus was trained
     */
    boolean train(OwnedPartition partition, BooleanSupplier interrupted) {
        boolean trainedAny = false;
        for (CorpusTraining training : partition.trainings()) {
            if (rollbacks.rolledBackSince(training.corpus(), training.newestCheckpoint())) {
                partition.takeOverAgain();
            }
            training.follow(specs.spec(training.corpus()), checkpoints);
            if (training.requested()) {
                trainedAny |= train(partition, training, interrupted);
            } else {
                checkpointer.commitRest(partition, training);
                training.close();
                reporter.withdrawn(training.corpus());
            }
        }
        if (partition.hasDeadLetters()) {
            partition.commitDeadLetters();
        }
        return trainedAny;
    }

    private boolean train(OwnedPartition partition, CorpusTraining training, BooleanSupplier interrupted) {
        boolean trained = slice(training, interrupted);
        reporter.report(partition, training, trained);
        if (checkpointer.commitIfDue(partition, training)) {
            reporter.report(partition, training, false);
        }
        return trained;
    }

    private boolean slice(CorpusTraining training, BooleanSupplier interrupted) {
        if (!(training.state() instanceof RunState.Training)) {
            training.resetSpeed();
            return false;
        }
        long start = System.nanoTime();
        long now = start;
        training.sampleSpeed(now);
        do {
            reporter.stepped(training.step());
            now = System.nanoTime();
        } while (now - start < SLICE_NANOS
                && !interrupted.getAsBoolean()
                && training.state() instanceof RunState.Training);
        training.sampleSpeed(now);
        return true;
    }
}

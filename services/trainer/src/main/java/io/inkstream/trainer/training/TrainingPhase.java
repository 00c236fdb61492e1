package io.inkstream.trainer.training;

import io.inkstream.languagemodel.training.RunState;
import io.inkstream.languagemodel.training.TrainingRun;
import java.util.Optional;

/** A phase of {@link CorpusTraining}, which draws the transitions between them. */
sealed interface TrainingPhase {

    /** The run in memory, if the phase has one. */
    Optional<TrainingRun> run();

    /** What can be done next. */
    RunState state();

    /**
     * No spec asks for training.
     *
     * @param run what the former spec has left, until its last steps are committed
     */
    record NotRequested(Optional<TrainingRun> run) implements TrainingPhase {

        @Override
        public RunState state() {
            return new RunState.Waiting("no training requested");
        }
    }

    /**
     * Training was requested, and the checkpoint to resume from cannot be read now: Kafka or the registry is unavailable.
     * Nothing is begun before it was looked at.
     *
     * @param error why it cannot be read
     * @param retryAt when it is read again, as {@link System#nanoTime}
     */
    record AwaitingCheckpoint(String error, long retryAt) implements TrainingPhase {

        @Override
        public Optional<TrainingRun> run() {
            return Optional.empty();
        }

        @Override
        public RunState state() {
            return new RunState.Waiting("the newest checkpoint is unavailable, retrying: " + error);
        }
    }

    /** The run has the settings that were requested; it may be training, waiting for text, done, or have diverged. */
    record Running(TrainingRun active) implements TrainingPhase {

        @Override
        public Optional<TrainingRun> run() {
            return Optional.of(active);
        }

        @Override
        public RunState state() {
            return active.state();
        }
    }

    /**
     * An older checkpoint was made current, and nobody has requested training since. The run is that of this checkpoint.
     *
     * @param sha256 name of the checkpoint
     */
    record RolledBack(TrainingRun resumed, String sha256) implements TrainingPhase {

        @Override
        public Optional<TrainingRun> run() {
            return Optional.of(resumed);
        }

        @Override
        public RunState state() {
            return new RunState.Waiting(
                    "rolled back to checkpoint %s: training resumes when settings are published again (inkstream train)"
                            .formatted(sha256));
        }
    }

    /**
     * The spec cannot be trained.
     *
     * @param run that of the spec before, which other settings may continue
     */
    record Rejected(String error, Optional<TrainingRun> run) implements TrainingPhase {

        @Override
        public RunState state() {
            return new RunState.Failed(error);
        }
    }

    /** Something failed halfway, so that the run is of no use; the newest checkpoint is. */
    record Failed(String error) implements TrainingPhase {

        @Override
        public Optional<TrainingRun> run() {
            return Optional.empty();
        }

        @Override
        public RunState state() {
            return new RunState.Failed(error);
        }
    }
}

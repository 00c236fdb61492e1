package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.engine.TrainedNetwork;
import java.util.Optional;

/**
 * The phase of a {@link TrainingRun}, which determines what it holds on the device.
 *
 * <pre>
 *  new model:        NoNetwork ──first epoch──► InEpoch ──its last minibatch──► BetweenEpochs ──next epoch──► InEpoch …
 *                                                  │                                 ▲
 *                                                  └─held-out tokens─► Validating ───┘
 *  from checkpoint:  Resumed ──next epoch, or the text of its epoch is known──► InEpoch
 *  any phase ──► Failed ──other settings, unless it has diverged──► the phase before
 *  any phase ──close──► NoNetwork
 * </pre>
 */
sealed interface RunPhase {

    /** The network that is on an engine's device, if there is one. */
    Optional<TrainedNetwork> network();

    /** There is no network: it is created when the first epoch begins. */
    record NoNetwork() implements RunPhase {

        @Override
        public Optional<TrainedNetwork> network() {
            return Optional.empty();
        }
    }

    /**
     * It resumes from a checkpoint, whose network is on the heap: it is opened when an epoch begins, or when the text of the
     * epoch under way is known.
     */
    record Resumed(Checkpoint checkpoint) implements RunPhase {

        @Override
        public Optional<TrainedNetwork> network() {
            return Optional.empty();
        }
    }

    /** The last epoch has ended. */
    record BetweenEpochs(TrainedNetwork trained) implements RunPhase {

        @Override
        public Optional<TrainedNetwork> network() {
            return Optional.of(trained);
        }
    }

    /** Within an epoch. */
    record InEpoch(Epoch epoch) implements RunPhase {

        @Override
        public Optional<TrainedNetwork> network() {
            return Optional.of(epoch.network());
        }
    }

    /** All minibatches of the epoch are done; the held-out tokens are being evaluated. */
    record Validating(Epoch epoch, Evaluation evaluation) implements RunPhase {

        @Override
        public Optional<TrainedNetwork> network() {
            return Optional.of(epoch.network());
        }
    }

    /**
     * It cannot continue.
     *
     * @param before the phase before
     * @param error what happened, and what to do
     * @param diverged true: no other settings help
     */
    record Failed(RunPhase before, String error, boolean diverged) implements RunPhase {

        @Override
        public Optional<TrainedNetwork> network() {
            return before.network();
        }
    }
}

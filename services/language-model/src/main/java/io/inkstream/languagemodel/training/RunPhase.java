package io.inkstream.languagemodel.training;

import java.util.Optional;

/**
 * The phase of a {@link TrainingRun}, which determines what it holds on the device.
 *
 * <pre>
 *  new model:        NoNetwork ──first epoch──► InEpoch ──its last minibatch──► BetweenEpochs ──next epoch──► InEpoch …
 *                                                  │                                 ▲
 *                                                  └─held-out tokens─► Validating ───┘
 *  from checkpoint:  BetweenEpochs, or Suspended ──its text is known──► InEpoch
 *  any phase ──► Failed ──other settings, unless it has diverged──► the phase before
 *  any phase ──close──► NoNetwork
 * </pre>
 */
sealed interface RunPhase {

    /** The network, if there is one yet. */
    Optional<TruncatedBptt> network();

    /** There is no network: it is created when the first epoch begins. */
    record NoNetwork() implements RunPhase {

        @Override
        public Optional<TruncatedBptt> network() {
            return Optional.empty();
        }
    }

    /** No epoch has begun, or the last one has ended. */
    record BetweenEpochs(TruncatedBptt bptt) implements RunPhase {

        @Override
        public Optional<TruncatedBptt> network() {
            return Optional.of(bptt);
        }
    }

    /** Resumed from a checkpoint within an epoch, whose text is not known again yet. */
    record Suspended(TruncatedBptt bptt) implements RunPhase {

        @Override
        public Optional<TruncatedBptt> network() {
            return Optional.of(bptt);
        }
    }

    /** Within an epoch. */
    record InEpoch(Epoch epoch) implements RunPhase {

        @Override
        public Optional<TruncatedBptt> network() {
            return Optional.of(epoch.bptt());
        }
    }

    /** All minibatches of the epoch are done; the held-out tokens are being evaluated. */
    record Validating(Epoch epoch, Evaluation evaluation) implements RunPhase {

        @Override
        public Optional<TruncatedBptt> network() {
            return Optional.of(epoch.bptt());
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
        public Optional<TruncatedBptt> network() {
            return before.network();
        }
    }
}

package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.checkpoint.Cursor;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.settings.TrainingSettings;

/**
 * What comes next between two epochs: a function of the settings, the position and how much text there is.
 *
 * @param settings of the next epoch
 * @param cursor the position of training
 * @param knownTokens tokens of the corpus that are known
 */
record EpochPlan(TrainingSettings settings, Cursor cursor, long knownTokens) {

    /** The position at the beginning of the next epoch. */
    Cursor nextEpoch() {
        SamplingSettings sampling = settings.sampling();
        return sampling.online()
                ? cursor.atEpoch(cursor.epochTokens() + sampling.stretch(), 0)
                : cursor.atEpoch(sampling.trained(knownTokens), sampling.heldOut(knownTokens));
    }

    /** With online sampling: complete stretches of the stream that are known and not covered by an epoch yet. */
    int stretchesAhead() {
        SamplingSettings sampling = settings.sampling();
        long inputs = sampling.usable(knownTokens) - 1 - cursor.epochTokens();
        return Math.toIntExact(Math.max(0, inputs / sampling.stretch()));
    }

    /** Epochs left on the known text, the current one included. */
    int epochsLeft() {
        if (settings.sampling().online()) {
            return stretchesAhead() + (cursor.insideEpoch() ? 1 : 0);
        }
        Cursor at = cursor.insideEpoch() ? cursor : nextEpoch();
        return Math.max(0, settings.epochs() - at.epochsOnText());
    }

    /**
     * Tokens that later epochs will train on, as the known text and the settings are; the current epoch does not count.
     *
     * @return an upper bound: the last tokens of an epoch may not fill a window
     */
    long tokensAhead() {
        SamplingSettings sampling = settings.sampling();
        if (sampling.online()) {
            return stretchesAhead() * sampling.stretch();
        }
        if (!sampling.enough(knownTokens)) {
            return 0;
        }
        Cursor ended = cursor.insideEpoch() ? cursor.afterEpoch(Double.NaN, Double.NaN) : cursor;
        Cursor next = new EpochPlan(settings, ended, knownTokens).nextEpoch();
        return Math.max(0, settings.epochs() - next.epochsOnText()) * next.epochTokens();
    }

    /** What a run between two epochs can do. */
    RunState state() {
        SamplingSettings sampling = settings.sampling();
        if (sampling.online() && stretchesAhead() > 0) {
            return new RunState.Training();
        }
        if (sampling.online() && cursor.step() > 0) {
            return new RunState.Done();
        }
        if (!sampling.enough(knownTokens)) {
            return new RunState.Waiting("batch %d and window %d need at least %d tokens%s; there are %d"
                    .formatted(
                            sampling.batch(),
                            sampling.window(),
                            sampling.fewestUsable(),
                            sampling.validation() > 0 ? ", held-out ones included" : "",
                            knownTokens));
        }
        return nextEpoch().epochsOnText() < settings.epochs() ? new RunState.Training() : new RunState.Done();
    }
}

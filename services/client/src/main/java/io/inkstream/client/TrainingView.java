package io.inkstream.client;

import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the progress records of one corpus add up to: how far training has come, how fast it goes, how long it will take. */
public final class TrainingView {

    private TrainingProgress newest;
    private long tokensBeforeEpoch;
    private int epoch = -1;
    private TrainingProgress first;

    /** Takes the next record. */
    public void add(TrainingProgress progress) {
        if (progress.getEpoch() != epoch) {
            epoch = progress.getEpoch();
            // Exact after an EPOCH record; after a glance from within an epoch, the epoch counts from there.
            tokensBeforeEpoch = progress.getTokensTrained();
        }
        if (progress.getKind() == ProgressKind.EPOCH) {
            tokensBeforeEpoch = progress.getTokensTrained();
        }
        if (first == null && progress.getTokensTrained() > 0) {
            first = progress;
        }
        newest = progress;
    }

    /** The last record; empty before the first. */
    public Optional<TrainingProgress> newest() {
        return Optional.ofNullable(newest);
    }

    /** Epochs in all: those done and those left. */
    public int epochs() {
        return newest == null ? 0 : newest.getEpoch() + newest.getEpochsLeft();
    }

    /** How much of the training is done, 0 to 1. */
    public double fraction() {
        if (newest == null || epochs() == 0) {
            return 0;
        }
        return Math.min(1, (newest.getEpoch() + withinEpoch()) / epochs());
    }

    /** How long the rest will take at the present speed; empty when nothing is trained. */
    public Optional<Duration> remaining() {
        if (newest == null || newest.getTokensPerSecond() <= 0) {
            return Optional.empty();
        }
        double tokens = (newest.getEpochsLeft() - withinEpoch()) * newest.getEpochTokens();
        return Optional.of(Duration.ofMillis(Math.round(1000 * Math.max(0, tokens) / newest.getTokensPerSecond())));
    }

    /** Tokens per second from the first record with trained tokens to the last; empty when there was too little to measure. */
    public OptionalDouble averageTokensPerSecond() {
        if (first == null) {
            return OptionalDouble.empty();
        }
        double seconds = Duration.between(first.getAt(), newest.getAt()).toMillis() / 1000.0;
        long tokens = newest.getTokensTrained() - first.getTokensTrained();
        return seconds > 0 && tokens > 0 ? OptionalDouble.of(tokens / seconds) : OptionalDouble.empty();
    }

    private double withinEpoch() {
        if (newest.getEpochsLeft() == 0 || newest.getEpochTokens() <= 0) {
            return 0;
        }
        double done = (double) (newest.getTokensTrained() - tokensBeforeEpoch) / newest.getEpochTokens();
        return Math.max(0, Math.min(1, done));
    }
}

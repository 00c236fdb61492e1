package io.inkstream.client;

import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What the progress records of one corpus add up to: how much of the training is done, how fast it is, how long the rest will take. */
public final class TrainingView {

    private @Nullable TrainingProgress newest;
    private long tokensBeforeEpoch;
    private int epoch = -1;
    private @Nullable TrainingProgress first;

    /** Adds the next record. */
    public void add(TrainingProgress progress) {
        if (progress.getEpoch() != epoch) {
            epoch = progress.getEpoch();
            // Exact after an EPOCH record; after live progress from within an epoch, the epoch counts from there.
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
        return newest == null || epochs() == 0 ? 0 : Math.min(1, (newest.getEpoch() + withinEpoch(newest)) / epochs());
    }

    /** How long the rest will take at the present speed; empty if nothing is being trained. */
    public Optional<Duration> remaining() {
        if (newest == null || newest.getTokensPerSecond() <= 0) {
            return Optional.empty();
        }
        double tokens = (newest.getEpochsLeft() - withinEpoch(newest)) * newest.getEpochTokens();
        return Optional.of(Duration.ofMillis(Math.round(1000 * Math.max(0, tokens) / newest.getTokensPerSecond())));
    }

    /** Tokens per second from the first record with trained tokens to the last; empty if there is too little to measure. */
    public OptionalDouble averageTokensPerSecond() {
        if (first == null || newest == null) {
            return OptionalDouble.empty();
        }
        double seconds = Duration.between(first.getAt(), newest.getAt()).toMillis() / 1000.0;
        long tokens = newest.getTokensTrained() - first.getTokensTrained();
        return seconds > 0 && tokens > 0 ? OptionalDouble.of(tokens / seconds) : OptionalDouble.empty();
    }

    private double withinEpoch(TrainingProgress progress) {
        if (progress.getEpochsLeft() == 0 || progress.getEpochTokens() <= 0) {
            return 0;
        }
        double done = (double) (progress.getTokensTrained() - tokensBeforeEpoch) / progress.getEpochTokens();
        return Math.max(0, Math.min(1, done));
    }
}

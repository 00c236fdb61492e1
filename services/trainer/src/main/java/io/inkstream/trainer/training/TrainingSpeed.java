package io.inkstream.trainer.training;

import java.util.ArrayDeque;
import java.util.Deque;

/** Tokens per second over the last few seconds. */
final class TrainingSpeed {

    private static final long WINDOW_NANOS = 5_000_000_000L;

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Notes how many tokens have been trained on at a point in time. */
    void note(long nanos, long tokensTrained) {
        samples.addLast(new Sample(nanos, tokensTrained));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
    }

    /** Forgets what was noted: training starts or stops. */
    void reset() {
        samples.clear();
    }

    /** Tokens per second; 0 before the second note. */
    double tokensPerSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        double seconds = (samples.getLast().nanos() - samples.getFirst().nanos()) / 1e9;
        return seconds > 0
                ? (samples.getLast().tokensTrained() - samples.getFirst().tokensTrained()) / seconds
                : 0;
    }

    private record Sample(long nanos, long tokensTrained) {}
}

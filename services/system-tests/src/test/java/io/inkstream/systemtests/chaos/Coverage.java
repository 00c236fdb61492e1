package io.inkstream.systemtests.chaos;

import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.TrainingSpec;

/** How much of a text can be learned. */
final class Coverage {

    private Coverage() {}

    /** So many of its first tokens: all, but for online sampling, which waits for whole segments and a token after them. */
    static long of(long tokens, TrainingSpec spec) {
        if (spec.getSampling() != SamplingKind.ONLINE) {
            return tokens;
        }
        long stretch = (long) spec.getBatch() * spec.getWindow() * spec.getSegmentWindows();
        return Math.max(0, tokens - 1) / stretch * stretch;
    }
}

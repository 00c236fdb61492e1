package io.inkstream.systemtests.chaos;

import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.schemas.TrainingSpec;

/** How much of a text can be learned. */
final class Coverage {

    private Coverage() {}

    /** So many of its first tokens: all that are not held out; online sampling waits for whole segments and a token after them. */
    static long of(long tokens, TrainingSpec spec) {
        SamplingSettings sampling = SpecConversion.settings(spec).sampling();
        return sampling.online()
                ? Math.max(0, tokens - 1) / sampling.stretch() * sampling.stretch()
                : sampling.trained(tokens);
    }
}

package io.inkstream.languagemodel;

import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.training.Engines;
import java.util.stream.Stream;

/** The engines that every test of networks and of training runs with. */
public final class EnginesUnderTest {

    private EnginesUnderTest() {}

    /** All that there are. */
    public static Stream<EngineKind> kinds() {
        return Engines.kinds().stream().sorted();
    }

    /** Engines of which one is configured, on the CPU with one thread. */
    public static Engines with(EngineKind kind) {
        return with(kind, 1);
    }

    /** Engines of which one is configured, on the CPU with this number of threads; 0: not configured. */
    public static Engines with(EngineKind kind, int threads) {
        return new Engines(EngineSettings.cpu(threads).with(kind));
    }

    /** The engine itself, on the CPU with one thread. */
    public static Engine open(EngineKind kind) {
        return with(kind).configured();
    }
}

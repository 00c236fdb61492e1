package io.inkstream.languagemodel.training;

import io.inkstream.languagemodel.bptt.JavaEngine;
import io.inkstream.languagemodel.engine.Engine;
import io.inkstream.languagemodel.engine.EngineKind;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.languagemodel.engine.EngineUnavailableException;
import io.inkstream.languagemodel.pytorch.PyTorchEngine;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The engines of this machine, and which of them trains the next epoch of a model. An engine is opened when it is first
 * needed: to load PyTorch takes a second or two. Safe for use by several threads.
 */
public final class Engines {

    /** How each engine is opened, on a device and with a number of CPU threads. */
    private static final Map<EngineKind, Opening> OPENINGS = new EnumMap<>(Map.of(
            EngineKind.JAVA, (device, threads) -> new JavaEngine(threads), EngineKind.PYTORCH, PyTorchEngine::open));

    /** What {@code auto} is without a GPU that may be used; with one it is PyTorch. */
    private static final EngineKind ON_A_CPU = EngineKind.JAVA;

    private final EngineSettings settings;
    private final Map<Opened, Engine> opened = new HashMap<>();
    private @Nullable EngineKind suited;

    private interface Opening {

        Engine open(EngineSettings.Device device, int threads);
    }

    private record Opened(EngineKind kind, int threads) {}

    /** The engines, none of which is open yet. */
    public Engines(EngineSettings settings) {
        this.settings = settings;
    }

    /** The engines that this version has. */
    public static Set<EngineKind> kinds() {
        return Set.copyOf(OPENINGS.keySet());
    }

    /**
     * The engine that new epochs are trained with.
     *
     * @throws EngineUnavailableException if this machine does not have it
     */
    public Engine configured() {
        return of(settings.engine().orElseGet(this::suited), settings.threads());
    }

    /**
     * The engine for the next epoch of a model: the one that is configured. A model keeps the number of threads on which its
     * bits depend until another is configured.
     *
     * @param last the engine of its last epoch
     * @param threads its threads, as {@link Engine#threads} names them
     * @throws EngineUnavailableException if this machine does not have it
     */
    public Engine after(EngineKind last, int threads) {
        Engine next = configured();
        boolean differs = next.kind() == last && next.threads() != threads;
        return differs && settings.threads() == 0 ? of(last, threads) : next;
    }

    /**
     * The engine with which an epoch was begun.
     *
     * @param threads its threads, as {@link Engine#threads} names them
     * @throws EngineUnavailableException if this machine does not have it
     */
    public synchronized Engine of(EngineKind kind, int threads) {
        Opening opening = OPENINGS.get(kind);
        if (opening == null) {
            throw new EngineUnavailableException("Inkstream has no %s engine in this version".formatted(kind.word()));
        }
        return opened.computeIfAbsent(
                new Opened(kind, threads > 0 ? threads : settings.threads()),
                key -> opening.open(settings.device(), key.threads()));
    }

    private synchronized EngineKind suited() {
        EngineKind known = suited;
        if (known == null) {
            boolean gpu = settings.device() != EngineSettings.Device.CPU && PyTorchEngine.findsGpu();
            known = gpu || settings.device() == EngineSettings.Device.GPU ? EngineKind.PYTORCH : ON_A_CPU;
            suited = known;
        }
        return known;
    }
}

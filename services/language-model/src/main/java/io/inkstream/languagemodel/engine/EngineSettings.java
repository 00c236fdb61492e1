package io.inkstream.languagemodel.engine;

import java.util.Locale;
import java.util.Optional;

/**
 * What to train with.
 *
 * @param engine which engine; empty: the one that suits the machine
 * @param device which device
 * @param threads CPU threads; 0: chosen by the machine's cores
 */
public record EngineSettings(Optional<EngineKind> engine, Device device, int threads) {

    private static final String AUTO = "auto";

    /** Which device to use. */
    public enum Device {
        /** A GPU if there is one, else the CPU. */
        AUTO,
        CPU,
        GPU
    }

    public EngineSettings {
        require(
                !engine.equals(Optional.of(EngineKind.JAVA)) || device != Device.GPU,
                "The java engine computes on the CPU: use engine pytorch (or auto) for a GPU, or device cpu");
        require(threads >= 0, "The thread count must be 0 (chosen) or above, not %d".formatted(threads));
    }

    /**
     * The settings with these names: {@code auto}, {@code java} or {@code pytorch}; {@code auto}, {@code cpu} or
     * {@code gpu}.
     *
     * @throws IllegalArgumentException if there is no such engine or device, or they do not go together; the message says so
     */
    public static EngineSettings of(String engine, String device, int threads) {
        require(
                engine.matches("auto|java|pytorch"),
                "The engine must be auto, java or pytorch, not %s".formatted(engine));
        require(device.matches("auto|cpu|gpu"), "The device must be auto, cpu or gpu, not %s".formatted(device));
        return new EngineSettings(
                engine.equals(AUTO) ? Optional.empty() : Optional.of(EngineKind.of(engine)),
                Device.valueOf(device.toUpperCase(Locale.ROOT)),
                threads);
    }

    /** The CPU, with any engine. */
    public static EngineSettings cpu(int threads) {
        return new EngineSettings(Optional.empty(), Device.CPU, threads);
    }

    /** The same with this engine. */
    public EngineSettings with(EngineKind kind) {
        return new EngineSettings(Optional.of(kind), device, threads);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

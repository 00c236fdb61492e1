package io.inkstream.trainer.settings;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.languagemodel.engine.EngineSettings;
import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.Locale;

/**
 * How a trainer runs.
 *
 * @param partitions partition count for topics that are created
 * @param checkpointInterval how often a corpus in training is checkpointed
 * @param slots how checkpoints share the slots of the checkpoints topic
 * @param engine {@code auto} (PyTorch where there is a GPU that the device allows, else Java), {@code java} or {@code pytorch}
 * @param device {@code auto} (a GPU where there is one), {@code cpu} or {@code gpu}
 * @param threads CPU threads per operation; 0: chosen by the machine's cores
 */
public record TrainerSettings(
        int partitions, Duration checkpointInterval, CheckpointSlots slots, String engine, String device, int threads) {

    public TrainerSettings {
        require(partitions >= 1, "The partition count must be at least 1, not %d.", partitions);
        require(
                !checkpointInterval.isNegative() && !checkpointInterval.isZero(),
                "The checkpoint interval must be above 0, not %s.",
                checkpointInterval);
        engine = engine.toLowerCase(Locale.ROOT);
        device = device.toLowerCase(Locale.ROOT);
        checkEngine(engine, device, threads);
    }

    /** What to train with. */
    public EngineSettings engineSettings() {
        return EngineSettings.of(engine, device, threads);
    }

    private static void checkEngine(String engine, String device, int threads) {
        try {
            EngineSettings.of(engine, device, threads);
        } catch (IllegalArgumentException e) {
            throw new InkstreamException(e.getMessage() + ".", e);
        }
    }

    /** A checkpoint every 10 seconds, with the engine, device and threads that suit the machine. */
    public static TrainerSettings defaults() {
        return new TrainerSettings(4, Duration.ofSeconds(10), new CheckpointSlots(4, 0), "auto", "auto", 0);
    }

    private static void require(boolean holds, String message, Object value) {
        if (!holds) {
            throw new InkstreamException(message.formatted(value));
        }
    }
}

package io.inkstream.trainer.settings;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * How a trainer runs.
 *
 * @param partitions partition count for topics that are created
 * @param checkpointInterval how often a corpus in training is checkpointed
 * @param slots how checkpoints share the slots of the checkpoints topic
 * @param device {@code auto} (a GPU where there is one), {@code cpu} or {@code gpu}
 * @param threads CPU threads per operation; 0: chosen by the machine's cores
 */
public record TrainerSettings(
        int partitions, Duration checkpointInterval, CheckpointSlots slots, String device, int threads) {

    private static final Set<String> DEVICES = Set.of("auto", "cpu", "gpu");

    public TrainerSettings {
        require(partitions >= 1, "The partition count must be at least 1, not %d.", partitions);
        require(
                !checkpointInterval.isNegative() && !checkpointInterval.isZero(),
                "The checkpoint interval must be above 0, not %s.",
                checkpointInterval);
        device = device.toLowerCase(Locale.ROOT);
        require(DEVICES.contains(device), "The device must be auto, cpu or gpu, not %s.", device);
        require(threads >= 0, "The thread count must be 0 (chosen) or above, not %d.", threads);
    }

    /** A checkpoint every 10 seconds, on the device and threads that suit the machine. */
    public static TrainerSettings defaults() {
        return new TrainerSettings(4, Duration.ofSeconds(10), new CheckpointSlots(4, 0), "auto", 0);
    }

    private static void require(boolean holds, String message, Object value) {
        if (!holds) {
            throw new InkstreamException(message.formatted(value));
        }
    }
}

package io.inkstream.trainer;

/** Stand-in. */
public record TrainerSettings(
        int partitions, java.time.Duration checkpointInterval, int slots, String device, int threads) {
    public static TrainerSettings defaults() {
        return new TrainerSettings(4, java.time.Duration.ofSeconds(10), 4, "auto", 0);
    }
}

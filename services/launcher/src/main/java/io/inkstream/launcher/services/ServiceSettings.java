package io.inkstream.launcher.services;

import io.inkstream.generator.GeneratorSettings;
import java.time.Duration;

/**
 * What the services of a process are told beside the connection.
 *
 * @param partitions partition count of topics that they create
 * @param device what the trainer computes on: auto, cpu or gpu
 * @param threads CPU threads of the trainer; 0: as many as suit
 * @param checkpointInterval how often the trainer commits a checkpoint
 * @param keepEvery every so many checkpoints of a corpus the trainer keeps one for good; 0: none
 * @param generator how the generator works
 */
public record ServiceSettings(
        int partitions,
        String device,
        int threads,
        Duration checkpointInterval,
        int keepEvery,
        GeneratorSettings generator) {

    /** Settings with a generator as it is by default. */
    public ServiceSettings(int partitions, String device, int threads, Duration checkpointInterval, int keepEvery) {
        this(
                partitions,
                device,
                threads,
                checkpointInterval,
                keepEvery,
                new GeneratorSettings(partitions, GeneratorSettings.defaults().batch()));
    }

    /** The same with another generator. */
    public ServiceSettings withGenerator(GeneratorSettings other) {
        return new ServiceSettings(partitions, device, threads, checkpointInterval, keepEvery, other);
    }
}

package io.inkstream.launcher.services;

import io.inkstream.generator.GeneratorSettings;
import java.time.Duration;

/**
 * Settings of the services of one process, besides the connection.
 *
 * @param partitions partition count of topics that they create
 * @param engine the engine of the trainer: auto, java or pytorch
 * @param device the device of the trainer: auto, cpu or gpu
 * @param threads CPU threads of the trainer; 0: chosen by the trainer
 * @param checkpointInterval how often the trainer commits a checkpoint
 * @param keepEvery every how many checkpoints of a corpus one is kept for good; 0: none
 * @param generator settings of the generator
 */
public record ServiceSettings(
        int partitions,
        String engine,
        String device,
        int threads,
        Duration checkpointInterval,
        int keepEvery,
        GeneratorSettings generator) {

    /** Settings with a generator as it is by default. */
    public ServiceSettings(
            int partitions, String engine, String device, int threads, Duration checkpointInterval, int keepEvery) {
        this(
                partitions,
                engine,
                device,
                threads,
                checkpointInterval,
                keepEvery,
                new GeneratorSettings(partitions, GeneratorSettings.defaults().batch()));
    }

    /** The same with another generator. */
    public ServiceSettings withGenerator(GeneratorSettings other) {
        return new ServiceSettings(partitions, engine, device, threads, checkpointInterval, keepEvery, other);
    }
}

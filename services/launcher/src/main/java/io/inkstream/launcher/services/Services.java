package io.inkstream.launcher.services;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.generator.GeneratorService;
import io.inkstream.ingest.IngestService;
import io.inkstream.ingest.IngestSettings;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.trainer.TrainerService;
import io.inkstream.trainer.settings.TrainerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** Creates services by name. */
public final class Services {

    /** The names of all services, in the order in which text passes through them. */
    public static final List<String> NAMES = List.of("ingest", "trainer", "generator");

    private Services() {}

    /**
     * Creates one service.
     *
     * @throws InkstreamException if there is no such service
     */
    public static Service create(
            String name, Connection connection, TopicNames topics, ServiceSettings settings, MeterRegistry meters) {
        int partitions = settings.partitions();
        return switch (name) {
            case "ingest" -> new IngestService(connection, topics, new IngestSettings(partitions), meters);
            case "trainer" -> new TrainerService(connection, topics, trainerSettings(settings), meters);
            case "generator" -> new GeneratorService(connection, topics, settings.generator(), meters);
            default ->
                throw new InkstreamException(
                        "There is no service '%s': run ingest, trainer or generator.".formatted(name));
        };
    }

    private static TrainerSettings trainerSettings(ServiceSettings settings) {
        return new TrainerSettings(
                settings.partitions(),
                settings.checkpointInterval(),
                new CheckpointSlots(TrainerSettings.defaults().slots().ring(), settings.keepEvery()),
                settings.engine(),
                settings.device(),
                settings.threads());
    }
}

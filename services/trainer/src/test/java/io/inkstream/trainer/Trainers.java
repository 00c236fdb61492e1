package io.inkstream.trainer;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CellKind;
import io.inkstream.schemas.TrainingSpec;
import io.inkstream.trainer.settings.TrainerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** The trainers and the training settings of tests. */
final class Trainers {

    /** A checkpoint interval that no test waits for long. */
    static final Duration OFTEN = Duration.ofMillis(200);

    private static final CheckpointSlots SLOTS = new CheckpointSlots(4, 0);

    private Trainers() {}

    /** Starts a trainer on one CPU thread that commits checkpoints often. */
    static TrainerService start(Connection connection, TopicNames topics, int partitions) {
        return start(connection, topics, partitions, OFTEN);
    }

    /** The same with another checkpoint interval. */
    static TrainerService start(Connection connection, TopicNames topics, int partitions, Duration interval) {
        return start(connection, topics, partitions, interval, SLOTS);
    }

    /** The same with other checkpoint slots. */
    static TrainerService start(
            Connection connection, TopicNames topics, int partitions, Duration interval, CheckpointSlots slots) {
        return start(
                connection,
                topics,
                new TrainerSettings(partitions, interval, slots, "auto", "cpu", 1),
                new SimpleMeterRegistry());
    }

    /** Starts a trainer with these meters. */
    static TrainerService start(Connection connection, TopicNames topics, int partitions, MeterRegistry meters) {
        return start(connection, topics, new TrainerSettings(partitions, OFTEN, SLOTS, "auto", "cpu", 1), meters);
    }

    private static TrainerService start(
            Connection connection, TopicNames topics, TrainerSettings settings, MeterRegistry meters) {
        TrainerService trainer = new TrainerService(connection, topics, settings, meters);
        trainer.start();
        return trainer;
    }

    /** A small model with more epochs than a test lasts. */
    static TrainingSpec endless() {
        return TrainingSpec.newBuilder()
                .setHidden(16)
                .setBatch(4)
                .setWindow(20)
                .setEpochs(1_000_000)
                .build();
    }

    /** A model whose size is that of its hidden layer. */
    static TrainingSpec spec(int hidden, int epochs) {
        return TrainingSpec.newBuilder()
                .setCell(CellKind.RNN_TANH)
                .setHidden(hidden)
                .setBatch(4)
                .setWindow(20)
                .setEpochs(epochs)
                .build();
    }
}

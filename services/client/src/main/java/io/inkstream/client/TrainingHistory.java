package io.inkstream.client;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The trainings of a corpus that the progress topic still holds. A new training begins where the number of the epoch does not grow:
 * after settings that the model could not be trained further with, or in a topic that was recreated.
 *
 * @param trainings the trainings, the newest last; none if no epoch has been completed
 */
public record TrainingHistory(List<Training> trainings) {

    public TrainingHistory {
        trainings = List.copyOf(trainings);
    }

    /**
     * What was measured when an epoch was complete.
     *
     * @param number how many epochs this training had completed
     * @param perplexity on the training text; null if it was not finite
     * @param validationPerplexity on the held-out text; null if none was held out, or if it was not finite
     * @param tokensPerSecond the speed
     * @param at when
     */
    public record Epoch(
            int number,
            @Nullable Double perplexity,
            @Nullable Double validationPerplexity,
            double tokensPerSecond,
            Instant at) {}

    /**
     * One training.
     *
     * @param epochs its epochs, at least one, with numbers that grow; the first ones may be missing, as the topic deletes old records
     */
    public record Training(List<Epoch> epochs) {

        public Training {
            if (epochs.isEmpty()) {
                throw new IllegalArgumentException("A training has at least one epoch");
            }
            epochs = List.copyOf(epochs);
        }

        /** The last completed epoch. */
        public Epoch last() {
            return epochs.get(epochs.size() - 1);
        }
    }

    /** Reads the trainings of a corpus from the progress topic: what is committed at this moment. */
    public static TrainingHistory read(Connection connection, TopicNames topics, String corpus) {
        return of(records(connection, topics, corpus));
    }

    /** The records of completed epochs of a corpus, oldest first: what is committed at this moment. */
    static List<TrainingProgress> records(Connection connection, TopicNames topics, String corpus) {
        try (TopicScan<TrainingProgress> scan =
                new TopicScan<>(connection, topics.of(Topic.PROGRESS), TrainingProgress.class)) {
            return scan.of(corpus, progress -> progress.getKind() == ProgressKind.EPOCH);
        }
    }

    /** The history in these progress records of one corpus; live progress within an epoch is left out. */
    public static TrainingHistory of(List<TrainingProgress> records) {
        List<Training> trainings = new ArrayList<>();
        List<Epoch> epochs = new ArrayList<>();
        for (TrainingProgress progress : records) {
            if (progress.getKind() != ProgressKind.EPOCH) {
                continue;
            }
            if (!epochs.isEmpty()
                    && progress.getEpoch() <= epochs.get(epochs.size() - 1).number()) {
                trainings.add(new Training(epochs));
                epochs.clear();
            }
            epochs.add(new Epoch(
                    progress.getEpoch(),
                    progress.getPerplexity(),
                    progress.getValidationPerplexity(),
                    progress.getTokensPerSecond(),
                    progress.getAt()));
        }
        if (!epochs.isEmpty()) {
            trainings.add(new Training(epochs));
        }
        return new TrainingHistory(trainings);
    }

    /** The newest training; empty if no epoch has been completed. */
    public Optional<Training> newest() {
        return trainings.isEmpty() ? Optional.empty() : Optional.of(trainings.get(trainings.size() - 1));
    }
}

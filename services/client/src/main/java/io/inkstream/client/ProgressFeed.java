package io.inkstream.client;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Closing;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.ProgressKind;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Follows training from now on: committed records of the progress topic, as they come. Used by one thread. */
public final class ProgressFeed implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Deserializer<TrainingProgress> values;

    /**
     * Progress of one corpus.
     *
     * @param corpus its name
     * @param progress what the trainer has reported
     */
    public record News(String corpus, TrainingProgress progress) {}

    /**
     * Begins to follow.
     *
     * @throws InkstreamException if the topic does not exist, which trainers create when they start
     */
    public ProgressFeed(Connection connection, TopicNames topics) {
        this.values = RecordSerdes.deserializer(connection, TrainingProgress.class);
        this.consumer = TopicScan.consumer(connection);
        List<TopicPartition> partitions = TopicScan.partitions(connection, consumer, topics.of(Topic.PROGRESS));
        if (partitions.isEmpty()) {
            close();
            throw new InkstreamException(
                    "Topic %s does not exist, as no trainer has run on this cluster: start one with 'inkstream run trainer' or 'inkstream up', or name another --topic-prefix."
                            .formatted(topics.of(Topic.PROGRESS)));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // seeks at once, not with the first poll
    }

    /** The records that have come, after waiting for them at most so long. A record that holds no progress is skipped, as anybody may write to
     * the topic. */
    public List<News> poll(Duration atMost) {
        List<News> news = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(atMost)) {
            if (record.key() != null && record.value() != null) {
                TopicScan.valueIfAny(values, record).ifPresent(progress -> news.add(new News(record.key(), progress)));
            }
        }
        return news;
    }

    /**
     * Follows a training that begins after this feed was opened, to its end.
     *
     * @param shown called after each record, with what they add up to
     * @throws InkstreamException if training fails
     */
    public TrainingView follow(String corpus, Consumer<TrainingView> shown) {
        return follow(corpus, shown, () -> {});
    }

    /**
     * The same.
     *
     * @param whileWaiting called repeatedly; throws to end the wait, for instance when a service has failed
     */
    public TrainingView follow(String corpus, Consumer<TrainingView> shown, Runnable whileWaiting) {
        TrainingView view = new TrainingView();
        while (!ended(corpus, view)) {
            whileWaiting.run();
            for (News news : poll(POLL)) {
                if (corpus.equals(news.corpus()) && isOfThisTraining(view, news.progress())) {
                    view.add(news.progress());
                    shown.accept(view);
                }
            }
        }
        return view;
    }

    /** Before it has read the spec, the trainer may still report that it waits for one. */
    private static boolean isOfThisTraining(TrainingView view, TrainingProgress progress) {
        return view.newest().isPresent() || progress.getState() != TrainingState.WAITING;
    }

    private static boolean ended(String corpus, TrainingView view) {
        Optional<TrainingProgress> newest = view.newest();
        if (newest.isEmpty()) {
            return false;
        }
        if (newest.get().getState() == TrainingState.FAILED) {
            throw new InkstreamException(
                    "Training of '%s' failed: %s".formatted(corpus, newest.get().getMessage()));
        }
        boolean lastEpoch =
                newest.get().getKind() == ProgressKind.EPOCH && newest.get().getEpochsLeft() == 0;
        return lastEpoch || newest.get().getState() == TrainingState.DONE;
    }

    @Override
    public void close() {
        Closing.quietly(() -> consumer.close(CloseOptions.timeout(Closing.TIMEOUT)));
        values.close();
    }
}

package io.inkstream.client;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Closing;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.TrainingProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Follows how training goes, from now on: committed records of the progress topic, as they come. Used by one thread. */
public final class ProgressFeed implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final Deserializer<TrainingProgress> values;

    /**
     * Progress of one corpus.
     *
     * @param corpus its name
     * @param progress what the trainer says
     */
    public record News(String corpus, TrainingProgress progress) {}

    /**
     * Begins to follow.
     *
     * @throws InkstreamException if there is no progress topic
     */
    public ProgressFeed(Connection connection, TopicNames topics) {
        this.values = RecordSerdes.deserializer(connection, TrainingProgress.class);
        this.consumer = TopicScan.consumer(connection);
        List<PartitionInfo> infos = consumer.partitionsFor(topics.of(Topic.PROGRESS));
        if (infos == null || infos.isEmpty()) {
            close();
            throw new InkstreamException("There is no topic %s: no trainer has run on this cluster yet."
                    .formatted(topics.of(Topic.PROGRESS)));
        }
        List<TopicPartition> partitions = infos.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // seeks at once, not with the first poll
    }

    /** What came, after waiting for it at most so long. What is no progress is passed over, as anybody may write to the topic. */
    public List<News> poll(Duration atMost) {
        List<News> news = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(atMost)) {
            if (record.key() != null && record.value() != null) {
                TopicScan.valueIfAny(values, record).ifPresent(progress -> news.add(new News(record.key(), progress)));
            }
        }
        return news;
    }

    @Override
    public void close() {
        Closing.quietly(() -> consumer.close(CloseOptions.timeout(Closing.PATIENCE)));
        values.close();
    }
}

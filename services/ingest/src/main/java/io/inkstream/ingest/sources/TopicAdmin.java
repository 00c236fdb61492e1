package io.inkstream.ingest.sources;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.deadletters.DeadLetter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;

/** Asks the brokers. Safe for use by several threads. */
public final class TopicAdmin implements SourceTopics, AutoCloseable {

    private static final int MOST_MILLIS = 15_000;

    private final Admin admin;
    private final String bootstrapServers;
    private final List<String> topics;
    private volatile Map<String, Long> largest = Map.of();

    /**
     * Connects, and looks up how large the records of the topics may be.
     *
     * @param topics that ingest reads, all keyed by corpus
     * @throws InkstreamException if they cannot be looked at
     * @throws KafkaException if the client properties are not usable
     */
    public static TopicAdmin connect(Connection connection, List<String> topics) {
        TopicAdmin connected = new TopicAdmin(connection, topics);
        try {
            connected.refresh();
            return connected;
        } catch (RuntimeException e) {
            connected.close();
            throw e;
        }
    }

    private TopicAdmin(Connection connection, List<String> topics) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("default.api.timeout.ms", MOST_MILLIS);
        properties.put("request.timeout.ms", MOST_MILLIS);
        this.admin = Admin.create(properties);
        this.bootstrapServers = connection.bootstrapServers();
        this.topics = List.copyOf(topics);
    }

    /**
     * How many partitions the topics have.
     *
     * @throws InkstreamException if they cannot be looked at
     */
    public int partitions() {
        return described(topics.get(0)).partitions().size();
    }

    /**
     * Looks up anew how large the records of the topics may be.
     *
     * @return true when that has changed
     * @throws InkstreamException if the topics cannot be looked at
     */
    public boolean refresh() {
        Map<String, Long> before = largest;
        Map<String, Long> now = new HashMap<>();
        topics.forEach(topic -> now.put(topic, Math.min(limit(topic), DeadLetter.LARGEST_BYTES)));
        largest = Map.copyOf(now);
        return !now.equals(before);
    }

    @Override
    public long largestRecord(String topic) {
        return largest.getOrDefault(topic, (long) DeadLetter.LARGEST_BYTES);
    }

    @Override
    public Uuid id(String topic) {
        return described(topic).topicId();
    }

    @Override
    public long start(TopicPartition partition) {
        return answer(
                        partition.topic(),
                        admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                                .partitionResult(partition))
                .offset();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private long limit(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config settings =
                answer(topic, admin.describeConfigs(List.of(resource)).values().get(resource));
        return Long.parseLong(settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    }

    private TopicDescription described(String topic) {
        return answer(
                topic, admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
    }

    private <T> T answer(String topic, KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new InkstreamException(
                    "The topic %s at %s cannot be looked at (%s): see to it that it exists and may be described."
                            .formatted(topic, bootstrapServers, e.getCause().getMessage()),
                    e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}

package io.inkstream.ingest.sources;

import io.inkstream.corpuslog.deadletters.DeadLetter;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;

/** Looks up topics at the brokers. Safe for use by several threads. */
public final class TopicAdmin implements SourceTopics, AutoCloseable {

    private static final int TIMEOUT_MILLIS = 15_000;

    private final Admin admin;
    private final String bootstrapServers;
    private final List<String> topics;
    private volatile Map<String, Long> largest = Map.of();

    /**
     * Connects, and looks up the maximum record size of the topics.
     *
     * @param topics that ingest reads, all keyed by corpus
     * @throws InkstreamException if they cannot be described
     * @throws KafkaException if the client properties are not valid
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
        properties.put("default.api.timeout.ms", TIMEOUT_MILLIS);
        properties.put("request.timeout.ms", TIMEOUT_MILLIS);
        this.admin = Admin.create(properties);
        this.bootstrapServers = connection.bootstrapServers();
        this.topics = List.copyOf(topics);
    }

    /**
     * The number of partitions of the topics.
     *
     * @throws InkstreamException if they cannot be described
     */
    public int partitions() {
        return described(topics.get(0)).partitions().size();
    }

    /**
     * Looks up the maximum record size of the topics again.
     *
     * @return true when it has changed
     * @throws InkstreamException if the topics cannot be described
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

    /**
     * Where a group begins to read a partition: at its committed offset, else at the start.
     *
     * @throws InkstreamException if the brokers do not say so
     */
    public long beginning(String group, TopicPartition partition) {
        OffsetAndMetadata committed = answer(
                        partition.topic(), admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(partition);
        return committed == null ? start(partition) : Math.max(committed.offset(), start(partition));
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private long limit(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config settings =
                answer(topic, only(admin.describeConfigs(List.of(resource)).values()));
        return Long.parseLong(settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    }

    private TopicDescription described(String topic) {
        return answer(topic, only(admin.describeTopics(List.of(topic)).topicNameValues()));
    }

    /** The result of a request about one topic. */
    private static <T> KafkaFuture<T> only(Map<?, KafkaFuture<T>> results) {
        return results.values().iterator().next();
    }

    private <T> T answer(String topic, KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new InkstreamException(
                    "The topic %s at %s cannot be described (%s): make sure that it exists and that you have permission."
                            .formatted(topic, bootstrapServers, cause.getMessage()),
                    cause);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}

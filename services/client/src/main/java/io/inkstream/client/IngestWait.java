package io.inkstream.client;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;

/** Waits until ingest has read text, by the committed offsets of its consumer group. */
public final class IngestWait {

    private static final long POLL_MILLIS = 100;

    private final Connection connection;
    private final TopicNames topics;

    /** A wait for the ingest group of these topics. */
    public IngestWait(Connection connection, TopicNames topics) {
        this.connection = connection;
        this.topics = topics;
    }

    /**
     * Returns once all the records of a receipt are committed: as tokens, or as dead letters.
     *
     * @param timeout how long the offset may stay the same
     * @param whileWaiting called repeatedly; throws to end the wait
     * @throws InkstreamException if ingest makes no progress for so long
     */
    public void until(TextReceipt text, Duration timeout, Runnable whileWaiting) {
        TopicPartition partition = new TopicPartition(text.topic(), text.partition());
        String group = topics.group("ingest");
        long before = -1;
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Admin admin = Cluster.admin(connection)) {
            long committed;
            while ((committed = committed(admin, group, partition)) <= text.lastOffset()) {
                whileWaiting.run();
                if (committed > before) {
                    before = committed;
                    deadline = System.nanoTime() + timeout.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw new InkstreamException(
                            "Ingest has not read offset %d of partition %d of %s for %d s: look at its log."
                                    .formatted(
                                            Math.max(0, committed),
                                            text.partition(),
                                            topics.of(Topic.TEXT),
                                            timeout.toSeconds()));
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static long committed(Admin admin, String group, TopicPartition partition) throws InterruptedException {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            OffsetAndMetadata offset = offsets.get(partition);
            return offset == null ? -1 : offset.offset();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return -1; // ingest has not joined yet
            }
            throw new InkstreamException(
                    "The offsets of group %s cannot be read: %s"
                            .formatted(
                                    group,
                                    Objects.requireNonNullElse(e.getCause(), e).getMessage()),
                    e);
        }
    }
}

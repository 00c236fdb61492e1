package io.inkstream.client;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.cluster.EndOffsets;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Waits until the tokens of text can be read. The committed offsets of ingest's consumer group say that it has been read. They can
 * be visible before the tokens of the same transaction, as the brokers write the markers of a transaction partition by partition:
 * so the last stable offsets of what ingest writes have to pass the present ends, too.
 */
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
     * Returns once all the records of a receipt can be read with {@code isolation.level=read_committed}: as tokens, or as dead
     * letters.
     *
     * @param timeout how long the wait may make no progress
     * @param whileWaiting called repeatedly; throws to end the wait
     * @throws InkstreamException if it makes none for so long
     */
    public void until(TextReceipt text, Duration timeout, Runnable whileWaiting) {
        if (text.records() == 0) {
            return;
        }
        try (Admin admin = Cluster.admin(connection)) {
            awaitOffset(admin, text, new Progress(timeout, whileWaiting));
            awaitMarkers(admin, text.partition(), new Progress(timeout, whileWaiting));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void awaitOffset(Admin admin, TextReceipt text, Progress progress) throws InterruptedException {
        TopicPartition partition = new TopicPartition(text.topic(), text.partition());
        String group = topics.group("ingest");
        long committed;
        while ((committed = committed(admin, group, partition)) <= text.lastOffset()) {
            if (!progress.continues(committed)) {
                throw new InkstreamException(
                        "Ingest has not read offset %d of partition %d of %s for %d s: look at its log."
                                .formatted(
                                        Math.max(0, committed),
                                        text.partition(),
                                        text.topic(),
                                        progress.timeout.toSeconds()));
            }
        }
    }

    /** Waits for the transactions that are open now in ingest's partition of tokens and in the dead letters. */
    private void awaitMarkers(Admin admin, int partition, Progress progress) throws InterruptedException {
        Set<TopicPartition> written = partitions(admin, topics.of(Topic.DEAD_LETTERS));
        written.add(new TopicPartition(topics.of(Topic.TOKENS), partition));
        Map<TopicPartition, Long> ends = ends(admin, written, IsolationLevel.READ_UNCOMMITTED);
        while (true) {
            Map<TopicPartition, Long> stable = ends(admin, ends.keySet(), IsolationLevel.READ_COMMITTED);
            ends.entrySet().removeIf(end -> stable.getOrDefault(end.getKey(), 0L) >= end.getValue());
            if (ends.isEmpty()) {
                return;
            }
            if (!progress.continues(-ends.size())) {
                throw new InkstreamException(
                        ("A transaction in %s has been open for %d s: if its service has ended, the broker aborts it"
                                        + " after transaction.timeout.ms.")
                                .formatted(ends.keySet(), progress.timeout.toSeconds()));
            }
        }
    }

    private static Set<TopicPartition> partitions(Admin admin, String topic) throws InterruptedException {
        return get(admin.describeTopics(Set.of(topic)).allTopicNames(), "The partitions of " + topic).values().stream()
                .flatMap(description -> description.partitions().stream())
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Map<TopicPartition, Long> ends(Admin admin, Set<TopicPartition> partitions, IsolationLevel isolation)
            throws InterruptedException {
        try {
            return EndOffsets.of(admin, partitions, isolation);
        } catch (ExecutionException e) {
            throw unreadable("The end offsets of " + partitions, e);
        }
    }

    private static long committed(Admin admin, String group, TopicPartition partition) throws InterruptedException {
        try {
            OffsetAndMetadata offset = get(
                            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                            "The offsets of group " + group)
                    .get(partition);
            return offset == null ? -1 : offset.offset();
        } catch (InkstreamException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return -1; // ingest has not joined yet
            }
            throw e;
        }
    }

    private static <T> T get(KafkaFuture<T> answer, String what) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw unreadable(what, e);
        }
    }

    private static InkstreamException unreadable(String what, ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        return new InkstreamException("%s cannot be read: %s".formatted(what, cause.getMessage()), cause);
    }

    /** How long a value may stay the same. */
    private static final class Progress {

        private final Duration timeout;
        private final Runnable whileWaiting;
        private long greatest = Long.MIN_VALUE;
        private long deadline;

        Progress(Duration timeout, Runnable whileWaiting) {
            this.timeout = timeout;
            this.whileWaiting = whileWaiting;
        }

        /** Pauses; false if the value has not risen for too long. */
        boolean continues(long value) throws InterruptedException {
            whileWaiting.run();
            if (value > greatest) {
                greatest = value;
                deadline = System.nanoTime() + timeout.toNanos();
            } else if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
            return true;
        }
    }
}

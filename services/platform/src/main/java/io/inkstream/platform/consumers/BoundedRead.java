package io.inkstream.platform.consumers;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads partitions up to given offsets, usually to their present end, and returns. A consumer whose broker is down waits
 * for ever; this read fails once the brokers have delivered nothing for the timeout. The time that the caller spends on the
 * records does not count.
 *
 * @param timeout how long the brokers may deliver nothing
 * @param failure makes the exception of a read that timed out, of its message and its cause
 */
public record BoundedRead(Duration timeout, BiFunction<String, @Nullable Throwable, RuntimeException> failure) {

    /** How long the brokers may deliver nothing, unless a caller says otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** For commands, which end with a message: fails with an {@link InkstreamException}. */
    public static final BoundedRead IN_COMMAND = new BoundedRead(DEFAULT_TIMEOUT, InkstreamException::new);

    /** For services, which retry: fails with a {@link org.apache.kafka.common.errors.RetriableException}. */
    public static final BoundedRead IN_SERVICE = new BoundedRead(DEFAULT_TIMEOUT, TimeoutException::new);

    private static final Duration POLL = Duration.ofMillis(200);

    /** The same read with another timeout. */
    public BoundedRead within(Duration other) {
        return new BoundedRead(other, failure);
    }

    /**
     * Reads partitions from their beginning to their present end.
     *
     * @param each called with each record, in order within a partition
     * @return the offset behind the last record of each partition
     */
    public <K, V> Map<TopicPartition, Long> readToEnd(
            KafkaConsumer<K, V> consumer, Collection<TopicPartition> partitions, Consumer<ConsumerRecord<K, V>> each) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        read(consumer, consumer.beginningOffsets(partitions), ends, each);
        return ends;
    }

    /**
     * Reads partitions between two offsets.
     *
     * @param from the first offset of each partition
     * @param to the offset behind the last one of each of these partitions
     * @param each called with each record, in order within a partition
     */
    public <K, V> void read(
            KafkaConsumer<K, V> consumer,
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Consumer<ConsumerRecord<K, V>> each) {
        consumer.assign(from.keySet());
        from.forEach(consumer::seek);
        ConsumerRecords<K, V> records = poll(consumer, to);
        while (!records.isEmpty()) {
            ConsumerRecords<K, V> polled = records;
            to.forEach((partition, end) -> polled.records(partition).stream()
                    .filter(record -> record.offset() < end)
                    .forEach(each));
            records = poll(consumer, to);
        }
        consumer.unsubscribe();
    }

    /**
     * Waits for the next records of partitions that are assigned to the consumer.
     *
     * @param to the offset behind the last wanted record of each partition
     * @return none once the consumer's positions have reached these offsets
     */
    public <K, V> ConsumerRecords<K, V> poll(KafkaConsumer<K, V> consumer, Map<TopicPartition, Long> to) {
        long silentSince = System.nanoTime();
        Set<TopicPartition> open = open(consumer, to);
        while (!open.isEmpty()) {
            ConsumerRecords<K, V> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                return records;
            }
            // A position also moves past transaction markers and records that were aborted or compacted.
            Set<TopicPartition> stillOpen = open(consumer, to);
            if (stillOpen.size() < open.size()) {
                silentSince = System.nanoTime();
            } else if (System.nanoTime() - silentSince > timeout.toNanos()) {
                throw timedOut(stillOpen, null);
            }
            open = stillOpen;
        }
        return ConsumerRecords.empty();
    }

    private Set<TopicPartition> open(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> to) {
        Set<TopicPartition> open = new HashSet<>();
        to.forEach((partition, end) -> {
            if (position(consumer, partition) < end) {
                open.add(partition);
            }
        });
        return open;
    }

    private long position(KafkaConsumer<?, ?> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition, timeout);
        } catch (TimeoutException e) {
            throw timedOut(Set.of(partition), e);
        }
    }

    private RuntimeException timedOut(Set<TopicPartition> open, @Nullable TimeoutException cause) {
        TreeSet<String> topics = new TreeSet<>();
        open.forEach(partition -> topics.add(partition.topic()));
        return failure.apply(
                "Topic %s gave no more records for %d s, short of its end: is a broker down?"
                        .formatted(String.join(", ", topics), timeout.toSeconds()),
                cause);
    }
}

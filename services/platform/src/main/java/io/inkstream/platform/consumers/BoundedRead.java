package io.inkstream.platform.consumers;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads partitions up to given offsets and ends there: at the latest when the brokers have given no record for a while, as a
 * consumer whose broker is gone waits for ever.
 *
 * @param timeout how long the brokers may give no record
 */
public record BoundedRead(Duration timeout) {

    private static final Duration POLL = Duration.ofMillis(200);

    /** For commands: half a minute. */
    public static final BoundedRead DEFAULT = new BoundedRead(Duration.ofSeconds(30));

    /**
     * Reads.
     *
     * @param from the first offset of each partition
     * @param to the offset behind the last one of each of these partitions
     * @param each called with each record, in order within a partition; its own time does not count as silence
     * @throws InkstreamException if the brokers give no record for that long, short of the end
     */
    public <K, V> void read(
            KafkaConsumer<K, V> consumer,
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Consumer<ConsumerRecord<K, V>> each) {
        consumer.assign(from.keySet());
        from.forEach(consumer::seek);
        Set<TopicPartition> open = new HashSet<>(from.keySet());
        open.removeIf(partition -> from.get(partition) >= to.get(partition));
        long lastNews = System.nanoTime();
        while (!open.isEmpty()) {
            ConsumerRecords<K, V> records = consumer.poll(POLL);
            for (ConsumerRecord<K, V> record : records) {
                if (record.offset() < to.get(new TopicPartition(record.topic(), record.partition()))) {
                    each.accept(record);
                }
            }
            int before = open.size();
            open.removeIf(partition -> position(consumer, partition) >= to.get(partition));
            if (!records.isEmpty() || open.size() < before) {
                lastNews = System.nanoTime();
            } else if (System.nanoTime() - lastNews > timeout.toNanos()) {
                throw silence(open, null);
            }
        }
        consumer.unsubscribe();
    }

    private long position(KafkaConsumer<?, ?> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition, timeout);
        } catch (TimeoutException e) {
            throw silence(Set.of(partition), e);
        }
    }

    private InkstreamException silence(Set<TopicPartition> open, TimeoutException cause) {
        TreeSet<String> topics = new TreeSet<>();
        open.forEach(partition -> topics.add(partition.topic()));
        return new InkstreamException(
                "Topic %s gave no more records for %d s, short of its end: is a broker down?"
                        .formatted(String.join(", ", topics), timeout.toSeconds()),
                cause);
    }
}

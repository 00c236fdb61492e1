package io.inkstream.client.deadletters;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.BoundedRead;
import io.inkstream.platform.consumers.ConsumerFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The records that services have rejected, and why.
 *
 * @param connection how to reach the topics
 * @param topics their names
 */
public record DeadLetters(Connection connection, TopicNames topics) {

    private static final Comparator<ListedDeadLetter> OLDEST_FIRST = Comparator.comparing(ListedDeadLetter::at)
            .thenComparing(deadLetter -> deadLetter.id().partition())
            .thenComparing(deadLetter -> deadLetter.id().offset());

    /**
     * All that are committed at this moment, oldest first; none where there is no such topic.
     *
     * @throws InkstreamException if they cannot be read to their end
     */
    public List<ListedDeadLetter> all() {
        List<ListedDeadLetter> deadLetters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(connection)) {
            List<TopicPartition> partitions = TopicScan.partitions(connection, consumer, topics.of(Topic.DEAD_LETTERS));
            BoundedRead.IN_COMMAND.readToEnd(
                    consumer, partitions, record -> deadLetters.add(ListedDeadLetter.of(record)));
        }
        deadLetters.sort(OLDEST_FIRST);
        return deadLetters;
    }

    /** The reasons on the dead letters of a topic's partition, in order, one for each record. */
    public List<String> reasons(String topic, int partition) {
        return all().stream()
                .filter(deadLetter -> deadLetter.topic().equals(topic) && deadLetter.partition() == partition)
                .map(ListedDeadLetter::reason)
                .toList();
    }

    /**
     * One of them with its value.
     *
     * @throws InkstreamException if it no longer exists
     */
    ConsumerRecord<byte[], byte[]> whole(KafkaConsumer<byte[], byte[]> consumer, ListedDeadLetter.Id id) {
        TopicPartition partition = new TopicPartition(topics.of(Topic.DEAD_LETTERS), id.partition());
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        BoundedRead.IN_COMMAND.read(
                consumer, Map.of(partition, id.offset()), Map.of(partition, id.offset() + 1), found::add);
        if (!found.isEmpty()) {
            return found.get(0);
        }
        throw new InkstreamException("Dead letter %s can no longer be read: was it deleted meanwhile?".formatted(id));
    }

    /** A consumer without a group, for few records at a time: a dead letter can have two megabytes. */
    static KafkaConsumer<byte[], byte[]> consumer(Connection connection) {
        return ConsumerFactory.openBounded(
                connection, properties -> properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024));
    }
}

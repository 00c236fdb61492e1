package io.inkstream.corpuslog.specs;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicId;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.consumers.ConsumerFactory;
import io.inkstream.schemas.SpecPosition;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Where the specs of a partition end at one moment: what is published later has this offset or a higher one. */
public final class SpecsEnd {

    private SpecsEnd() {}

    /**
     * Asks the brokers. Records of open transactions count too: they were published before.
     *
     * @return empty if the corpora topic does not exist
     * @throws io.inkstream.platform.InkstreamException if Kafka does not answer in time, or rejects the request
     * @throws org.apache.kafka.common.KafkaException likewise
     */
    public static Optional<SpecPosition> of(Connection connection, TopicNames topics, int partition) {
        TopicPartition specs = new TopicPartition(topics.of(Topic.CORPORA), partition);
        return TopicId.of(connection, topics, Topic.CORPORA).map(id -> {
            try (KafkaConsumer<byte[], byte[]> consumer = ConsumerFactory.openBounded(
                    connection,
                    properties -> properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"))) {
                return new SpecPosition(id, consumer.endOffsets(List.of(specs)).getOrDefault(specs, 0L));
            }
        });
    }
}

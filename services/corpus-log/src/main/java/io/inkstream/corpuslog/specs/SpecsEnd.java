package io.inkstream.corpuslog.specs;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicId;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.SpecPosition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Where the specs of a partition end at one moment: what is published later lies at or behind it. */
public final class SpecsEnd {

    private SpecsEnd() {}

    /**
     * Asks the brokers. Records of open transactions count too: they were published before.
     *
     * @return empty if there is no corpora topic
     * @throws io.inkstream.platform.InkstreamException if Kafka does not answer in time, or refuses
     * @throws org.apache.kafka.common.KafkaException likewise
     */
    public static Optional<SpecPosition> of(Connection connection, TopicNames topics, int partition) {
        TopicPartition specs = new TopicPartition(topics.of(Topic.CORPORA), partition);
        Map<String, Object> properties = connection.clientProperties();
        return TopicId.of(connection, topics, Topic.CORPORA).map(id -> {
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                return new SpecPosition(id, consumer.endOffsets(List.of(specs)).get(specs));
            }
        });
    }
}

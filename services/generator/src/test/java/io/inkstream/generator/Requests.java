package io.inkstream.generator;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;

/** Sends requests in both formats, and decodes answers. */
final class Requests implements AutoCloseable {

    static final int MAX_REQUEST_SIZE = 2_000_000;

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Serde<PrefixRequest> requests;
    private final Serde<Completion> completions;

    Requests(Connection connection, TopicNames topics) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_SIZE);
        this.topic = topics.of(Topic.PREFIXES);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.requests = RecordSerdes.serde(connection, PrefixRequest.class);
        this.completions = RecordSerdes.serde(connection, Completion.class);
    }

    /** A request in Avro. */
    ProducerRecord<byte[], byte[]> avro(String key, PrefixRequest request) {
        return new ProducerRecord<>(topic, bytes(key), requests.serializer().serialize(topic, request));
    }

    /** A plain request without headers. */
    ProducerRecord<byte[], byte[]> plain(String key, String prefix) {
        return new ProducerRecord<>(topic, bytes(key), bytes(prefix));
    }

    /** Sends a record, and returns when it is acknowledged. */
    void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        producer.send(record).get(30, TimeUnit.SECONDS);
    }

    /** The completion in an answer in Avro. */
    Completion completion(ConsumerRecord<byte[], byte[]> answer) {
        return completions.deserializer().deserialize(answer.topic(), answer.value());
    }

    @Override
    public void close() {
        producer.close();
        requests.close();
        completions.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

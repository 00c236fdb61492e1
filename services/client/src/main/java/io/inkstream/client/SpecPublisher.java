package io.inkstream.client;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Closing;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TrainingSpec;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes specs: how the text of a corpus is read and, with training settings, how its model is trained.
 *
 * @param connection how to reach the topics
 * @param topics their names
 */
public record SpecPublisher(Connection connection, TopicNames topics) {

    /**
     * Publishes training settings, and leaves the rest of the corpus's newest spec as it is.
     *
     * @throws InkstreamException if the broker or the registry rejects them
     */
    public void train(String corpus, TrainingSpec training) {
        CorpusSpec.Builder spec = new Corpora(connection, topics)
                .spec(corpus)
                .map(CorpusSpec::newBuilder)
                .orElseGet(CorpusSpec::newBuilder);
        publish(corpus, spec.setTraining(training).build());
    }

    /**
     * Publishes the spec of a corpus, and returns once the brokers have acknowledged it. A trainer that owns the corpus begins as
     * soon as it has read it.
     *
     * @throws InkstreamException if the broker or the registry rejects it
     */
    public void publish(String corpus, CorpusSpec spec) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        String topic = topics.of(Topic.CORPORA);
        Producer<String, CorpusSpec> producer = new KafkaProducer<>(
                properties, new StringSerializer(), RecordSerdes.<CorpusSpec>serializer(connection));
        try {
            producer.send(new ProducerRecord<>(topic, corpus, spec)).get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new InkstreamException(
                    "The spec of corpus '%s' was rejected by topic %s: %s"
                            .formatted(
                                    corpus,
                                    topic,
                                    Objects.requireNonNullElse(e.getCause(), e).getMessage()),
                    e);
        } finally {
            Closing.quietly(() -> producer.close(Closing.TIMEOUT));
        }
    }
}

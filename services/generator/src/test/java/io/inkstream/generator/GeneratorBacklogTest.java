package io.inkstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.CheckpointPublisher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What the generator reports as waiting, on a real broker. */
class GeneratorBacklogTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Connection connection = BrokerFixture.get().connection();
    private final TopicNames topics = new TopicNames("generator-backlog");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void isTheNumberOfUnansweredRequestsAndZeroBehindTransactionMarkers() throws Exception {
        // Given a model that takes its time to load
        CountDownLatch loaded = new CountDownLatch(1);
        try (GeneratorService generator =
                        new GeneratorService(connection, topics, new GeneratorSettings(1, 4), meters, checkpoint -> {
                            awaitOpen(loaded);
                            return CheckpointDecoder.of(checkpoint);
                        });
                CheckpointPublisher publisher = published(generator)) {
            publisher.publish("wells", 0, CheckpointPublisher.counting(1, "a", "b"));
            await().atMost(TIMEOUT).until(() -> generator.health().ready());

            // When 3 requests are sent in a transaction that is committed, and 2 in one that is aborted
            send(3, true);
            send(2, false);

            // Then
            await().atMost(TIMEOUT).until(() -> backlog() == 3);

            // When
            loaded.countDown();

            // Then
            await().atMost(TIMEOUT).until(() -> answered() == 3 && backlog() == 0);
            assertThat(meters.get("inkstream.generator.first.token").timer().count())
                    .isEqualTo(3);
        }
        assertThat(meters.find("inkstream.generator.backlog").gauges()).isEmpty();
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            assertThat(latch.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private CheckpointPublisher published(GeneratorService generator) {
        generator.start();
        return new CheckpointPublisher(connection, topics, 0);
    }

    private void send(int requests, boolean commit) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("transactional.id", topics.prefix() + "-requests");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < requests; i++) {
                Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(
                        topics.of(Topic.PREFIXES),
                        "key".getBytes(StandardCharsets.UTF_8),
                        "a".getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private double backlog() {
        return meters.find("inkstream.generator.backlog").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    private double answered() {
        return meters.get("inkstream.generator.requests")
                .tag("outcome", "length")
                .counter()
                .count();
    }
}

package io.inkstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.TokenTopic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What the trainer reports as waiting, on a real broker. */
class TrainerBacklogTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;

    private final Connection connection = BrokerFixture.get().connection();
    private final TopicNames topics = new TopicNames("trainer-backlog");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void isZeroWhenAllThatWasRequestedIsCommittedBehindTransactionMarkersToo() {
        try (TrainerService trainer = Trainers.start(connection, topics, PARTITIONS, meters);
                TokenTopic tokens = new TokenTopic(connection, topics)) {
            // Given
            await().atMost(TIMEOUT).until(() -> trainer.health().ready());
            tokens.appendTokens("wells", 2_000);
            abortedTransactionInEachPartition();

            // When a training is requested that never ends
            tokens.publish("wells", Trainers.endless());

            // Then
            await().atMost(TIMEOUT)
                    .until(() -> corpora("training") == 1
                            && tokens.findNewest("wells").isPresent());
            assertThat(backlog()).isBetween(1_000_000_000.0, 2_000_000_000.0);

            // When it is asked to end after a few epochs more
            tokens.publish("wells", Trainers.spec(16, tokens.live("wells").getEpoch() + 1));
            tokens.publish("verne", Trainers.spec(16, 1));
            tokens.appendTokens("verne", 1_000);

            // Then
            await().atMost(TIMEOUT).until(() -> tokens.isFinished("verne") && tokens.isFinished("wells"));
            await().atMost(TIMEOUT).until(() -> corpora("done") == 2 && backlog() == 0 && unread() == 0);
            assertThat(meters.find("inkstream.trainer.unread").gauges()).hasSize(PARTITIONS);

            // And a rejected record counts as a dead letter, and does not wait
            tokens.appendGarbage("wells");
            await().atMost(TIMEOUT).until(() -> deadLetters() == 1 && unread() == 0);
        }
        assertThat(meters.find("inkstream.trainer.unread").gauges()).isEmpty();
    }

    private void abortedTransactionInEachPartition() {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("transactional.id", topics.prefix() + "-aborted");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                Future<RecordMetadata> unused =
                        producer.send(new ProducerRecord<>(topics.of(Topic.TOKENS), partition, null, new byte[1]));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }

    private double backlog() {
        return sum("inkstream.trainer.backlog");
    }

    private double unread() {
        return sum("inkstream.trainer.unread");
    }

    private double sum(String gauge) {
        return meters.find(gauge).gauges().stream().mapToDouble(Gauge::value).sum();
    }

    private double corpora(String state) {
        return meters.get("inkstream.trainer.corpora")
                .tag("state", state)
                .gauge()
                .value();
    }

    private double deadLetters() {
        return meters.find("inkstream.trainer.dead.letters").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}

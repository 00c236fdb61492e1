package io.inkstream.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaContactTest {

    private final AtomicLong seconds = new AtomicLong();
    private final KafkaContact contact = new KafkaContact("broker:9092", () -> seconds.get() * 1_000_000_000L);
    private final Client client = new Client("one");

    @AfterEach
    void close() {
        client.metrics.close();
    }

    @Test
    void aClientThatIsAnsweredIsInContact() {
        // Given
        contact.watch(client.metrics::metrics);

        // When / Then
        for (int i = 0; i < 100; i++) {
            after(10);
            client.answers++;
            assertThat(contact.problem()).isEmpty();
        }
    }

    @Test
    void contactIsLostWithTheConnectionAndRestoredByTheNextResponse() {
        // Given
        contact.watch(client.metrics::metrics);
        contact.problem();

        // When
        client.connections = 0;
        after(1);
        assertThat(contact.problem()).isEmpty();
        after(2);

        // Then
        assertThat(contact.problem()).contains("Kafka at broker:9092 has been unavailable for 3 s; retrying");

        // And an attempt to connect is no answer
        client.connections = 1;
        after(9);
        assertThat(contact.problem()).contains("Kafka at broker:9092 has been unavailable for 12 s; retrying");
        client.answers++;
        assertThat(contact.problem()).isEmpty();
    }

    @Test
    void aBrokerThatHangsIsLostAfterSomeTime() {
        // Given
        contact.watch(client.metrics::metrics);
        contact.problem();

        // When
        after(14);
        assertThat(contact.problem()).isEmpty();
        after(1);

        // Then
        assertThat(contact.problem()).contains("Kafka at broker:9092 has been unavailable for 15 s; retrying");
    }

    @Test
    void oneClientThatIsAnsweredIsEnough() {
        // Given
        Client other = new Client("two");
        contact.watch(client.metrics::metrics);
        contact.watch(other.metrics::metrics);
        contact.problem();

        // When
        client.connections = 0;
        after(60);
        other.answers++;

        // Then
        assertThat(contact.problem()).isEmpty();
        other.metrics.close();
    }

    @Test
    void aClientThatIsMadeAnewIsNotYetAnAnswer() {
        // Given contact that is lost
        contact.watch(client.metrics::metrics);
        client.connections = 0;
        contact.problem();
        after(5);
        assertThat(contact.problem()).isPresent();

        // When
        client.metrics.removeMetric(client.metrics.metricName("response-total", "consumer-metrics"));
        assertThat(contact.problem()).isPresent();
        client.answers = 0;
        client.count();

        // Then
        assertThat(contact.problem()).isPresent();
        client.answers = 1;
        assertThat(contact.problem()).isEmpty();
    }

    @Test
    void withoutClientsThereIsNothingToSay() {
        after(100);
        assertThat(contact.problem()).isEmpty();
    }

    private void after(long more) {
        seconds.addAndGet(more);
    }

    /** The metrics of a consumer. */
    private static final class Client {
        private final Metrics metrics = new Metrics();
        private double answers = 1;
        private double connections = 2;

        Client(String id) {
            metrics.addMetric(
                    metrics.metricName("connection-count", "consumer-metrics", "", "client-id", id),
                    (Gauge<Double>) (config, now) -> connections);
            metrics.addMetric(
                    metrics.metricName("response-total", "consumer-node-metrics", "", "client-id", id),
                    (Gauge<Double>) (config, now) -> (double) System.nanoTime());
            count();
        }

        private void count() {
            metrics.addMetric(
                    metrics.metricName("response-total", "consumer-metrics"), (Gauge<Double>) (config, now) -> answers);
        }
    }
}

package io.inkstream.platform.consumers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerFactoryTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void addsTheMetricsOfEachConsumerUntilItIsClosed() {
        // Given
        ConsumerFactory consumers = consumers(Map.of());
        KafkaConsumer<byte[], byte[]> first = consumers.open("first");
        KafkaConsumer<byte[], byte[]> second = consumers.open("second");
        assertThat(clients()).containsExactlyInAnyOrder("first", "second");

        // When
        first.close();

        // Then
        assertThat(clients()).containsExactly("second");
        second.close();
        assertThat(clients()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void opensAMemberWithEitherGroupProtocol(String protocol) {
        // Given
        ConsumerFactory consumers = consumers(Map.of("group.protocol", protocol));

        // When, then
        assertThatCode(() -> consumers
                        .openMember("member", "group", properties -> {})
                        .close())
                .doesNotThrowAnyException();
    }

    private ConsumerFactory consumers(Map<String, String> properties) {
        Connection connection =
                new Connection("127.0.0.1:1", "http://127.0.0.1:1", Connection.DEFAULT_SERDE_CLASS, properties);
        return new ConsumerFactory(connection, meters, new KafkaContact(connection));
    }

    private Set<String> clients() {
        List<Meter> found = meters.getMeters();
        return found.stream().map(meter -> meter.getId().getTag("client.id")).collect(Collectors.toSet());
    }
}

package io.inkstream.corpuslog.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicProvisionerTest {

    private static final TopicNames NAMES = new TopicNames("ink");

    @Test
    void saysWhereNoKafkaAnswers() throws Exception {
        // Given a port on which nothing listens
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Connection connection = new Connection("127.0.0.1:" + port, "http://127.0.0.1:1");
        long began = System.nanoTime();

        // When, then
        assertThatThrownBy(
                        () -> TopicProvisioner.ensure(connection, NAMES, 4, Set.of(Topic.TEXT), Duration.ofSeconds(1)))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith("Kafka at 127.0.0.1:%d does not answer within 1 s", port);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void saysWhichAddressIsNone() {
        // Given
        Connection connection = new Connection("no.such.host.invalid:9092", "http://127.0.0.1:1");

        // When, then
        assertThatThrownBy(
                        () -> TopicProvisioner.ensure(connection, NAMES, 4, Set.of(Topic.TEXT), Duration.ofSeconds(1)))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("no.such.host.invalid:9092");
    }

    @Test
    void rejectsATopicWithoutPartitions() {
        // Given
        Connection connection = new Connection("127.0.0.1:1", "http://127.0.0.1:1");

        // When, then
        assertThatThrownBy(() -> TopicProvisioner.ensure(connection, NAMES, 0, Set.of(Topic.TEXT)))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("0 partitions");
    }
}

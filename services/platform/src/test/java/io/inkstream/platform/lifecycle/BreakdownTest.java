package io.inkstream.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class BreakdownTest {

    private static final Connection CONNECTION = new Connection("kafka:9092", "http://registry:8081");

    @Test
    void reportsTheCauseThatIsASentence() {
        // Given what Kafka Streams makes of a record that cannot be written
        Throwable failure = new KafkaException(
                "Exception caught in process. taskId=0_0",
                new KafkaException(
                        new SerializationException("A record cannot be written.", new RuntimeException("why"))));

        // Then
        assertThat(detail(failure)).isEqualTo("A record cannot be written.");
        assertThat(detail(new KafkaException("in process", new InkstreamException("Ours."))))
                .isEqualTo("Ours.");
        assertThat(detail(new KafkaException("in process", new RuntimeException("why"))))
                .isEqualTo("in process");
    }

    private static String detail(Throwable failure) {
        return Breakdown.of("ingest", CONNECTION, List.of(), failure).detail();
    }
}

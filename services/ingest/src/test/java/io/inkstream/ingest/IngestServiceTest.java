package io.inkstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class IngestServiceTest {

    @Test
    void aServiceThatWasNotStartedIsNotReadyAndCanBeClosedTwice() {
        // Given
        IngestService service = new IngestService(
                new Connection("localhost:9092", "http://localhost:8081"),
                new TopicNames("inkstream"),
                new IngestSettings(4),
                new SimpleMeterRegistry());
        // When
        boolean ready = service.health().ready();
        service.close();
        service.close();
        // Then
        assertThat(ready).isFalse();
        assertThat(service.health().live()).isTrue();
        assertThat(service.health().detail()).isEqualTo("stopped");
    }

    @Test
    void rejectsInvalidSettings() {
        assertThatThrownBy(() -> new IngestSettings(0, 1))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("0 partitions");
        assertThatThrownBy(() -> new IngestSettings(4, 0)).hasMessageContaining("0 threads");
        assertThat(new IngestSettings(1).threads()).isOne();
    }
}

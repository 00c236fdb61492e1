package io.inkstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.ingest.positions.PolledOffsets;
import io.inkstream.platform.config.Connection;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsPropertiesTest {

    @Test
    void settingsThatTheGuaranteesDependOnCannotBeChanged() {
        // Given
        Map<String, String> user = Map.of(
                "processing.guarantee", "at_least_once",
                "main.consumer.isolation.level", "read_uncommitted",
                "producer.acks", "0",
                "processing.exception.handler",
                        "org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler",
                "max.task.idle.ms", "-1",
                "producer.max.request.size", "1000");
        // When
        Properties properties = properties(user);
        // Then
        assertThat(properties)
                .containsEntry("processing.guarantee", StreamsConfig.EXACTLY_ONCE_V2)
                .containsEntry("max.task.idle.ms", 0L)
                .containsEntry("max.request.size", 2 * 1024 * 1024)
                .doesNotContainKeys(
                        "main.consumer.isolation.level",
                        "producer.acks",
                        "processing.exception.handler",
                        "producer.max.request.size");
    }

    @Test
    void tuningAndSecuritySettingsAreKept() {
        // Given
        Map<String, String> user = Map.of("security.protocol", "SASL_SSL", "session.timeout.ms", "45000");
        // When
        Properties properties = properties(user);
        // Then
        assertThat(properties)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("session.timeout.ms", "45000")
                .containsEntry("transaction.timeout.ms", 10_000)
                .containsEntry("application.id", "inkstream-ingest");
    }

    @Test
    void keepsTheUsersInterceptors() {
        // When
        Properties properties = properties(Map.of("interceptor.classes", "a.B,c.D"));
        // Then
        assertThat(properties)
                .containsEntry(
                        "main.consumer.interceptor.classes",
                        "a.B,c.D,io.inkstream.ingest.positions.PolledOffsets$Interceptor");
    }

    private static Properties properties(Map<String, String> user) {
        Connection connection =
                new Connection("localhost:9092", "http://localhost:8081", Connection.DEFAULT_SERDE_CLASS, user);
        return StreamsProperties.of(
                connection, new TopicNames("inkstream"), new IngestSettings(4), Path.of("folder"), new PolledOffsets());
    }
}

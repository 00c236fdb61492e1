package io.inkstream.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.platform.InkstreamException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaEnvironmentTest {

    @ParameterizedTest
    @CsvSource({
        "KAFKA_SECURITY_PROTOCOL, security.protocol, SASL_SSL",
        "KAFKA_SASL_MECHANISM, sasl.mechanism, SCRAM-SHA-512",
        "KAFKA_SSL_TRUSTSTORE_LOCATION, ssl.truststore.location, /etc/Kafka/Trust_Store.p12",
        "KAFKA_SESSION_TIMEOUT_MS, session.timeout.ms, 10000"
    })
    void turnsVariablesIntoClientProperties(String variable, String property, String value) {
        assertThat(KafkaEnvironment.properties(Map.of(variable, value))).isEqualTo(Map.of(property, value));
    }

    @Test
    void ignoresOtherVariables() {
        // Given
        Map<String, String> environment = Map.of(
                "PATH", "/bin",
                "INKSTREAM_BOOTSTRAP_SERVERS", "kafka:9092",
                "KAFKA_HEAP_OPTS", "-Xmx1g",
                "KAFKA_JMX_PORT", "9999");

        // When, then
        assertThat(KafkaEnvironment.properties(environment)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_GROUP_ID",
                "KAFKA_ISOLATION_LEVEL",
                "KAFKA_TRANSACTIONAL_ID",
                "KAFKA_ENABLE_AUTO_COMMIT",
                "KAFKA_ACKS",
                "KAFKA_PROCESSING_GUARANTEE"
            })
    void rejectsPropertiesThatWouldBreakExactlyOnce(String variable) {
        assertThatThrownBy(() -> KafkaEnvironment.properties(Map.of(variable, "x")))
                .isInstanceOf(InkstreamException.class)
                .hasMessageStartingWith(variable + " must not be set");
    }
}

package io.inkstream.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class ClusterFailuresTest {

    private final ClusterFailures failures = new ClusterFailures("kafka:9092", Duration.ofSeconds(30));

    @Test
    void saysThatKafkaDoesNotAnswer() {
        assertThat(failures.failed("topic ink.text cannot be looked up", new TimeoutException("Timed out")))
                .hasMessage("Kafka at kafka:9092 does not answer within 30 s: check that it runs there and can be"
                        + " reached, and the KAFKA_* variables if it asks for TLS or a password.");
    }

    @Test
    void saysThatTheIdentityIsRejected() {
        assertThat(failures.failed(
                        "topic ink.text cannot be looked up", new SaslAuthenticationException("Bad credentials")))
                .hasMessage("Kafka at kafka:9092 rejects this client's identity (Bad credentials): check the KAFKA_*"
                        + " variables for TLS and SASL.");
    }

    @Test
    void saysWhatIsNotPermitted() {
        assertThat(failures.failed(
                        "topic ink.text cannot be created", new TopicAuthorizationException(Set.of("ink.text"))))
                .hasMessage(
                        "Kafka at kafka:9092 does not permit it: topic ink.text cannot be created (Not authorized to"
                                + " access topics: [ink.text]); grant this client Describe, DescribeConfigs and Create on"
                                + " the topics, or create them yourself.");
    }

    @Test
    void saysWhatElseFailed() {
        assertThat(failures.failed(
                        "topic ink.text cannot be created",
                        new InvalidReplicationFactorException("3 is larger than the number of brokers")))
                .hasMessage("On Kafka at kafka:9092 topic ink.text cannot be created (3 is larger than the number of"
                        + " brokers): fix that, or create the topic yourself.");
    }

    @Test
    void saysThatTheClientCannotBeCreated() {
        assertThat(failures.noClient(new KafkaException(
                        "Failed to create new KafkaAdminClient", new KafkaException("No such host"))))
                .hasMessage(
                        "No Kafka client can be created for kafka:9092 (No such host): check the bootstrap servers and"
                                + " the KAFKA_* variables.");
    }

    @Test
    void saysWhichTopicsDoNotComeUp() {
        assertThat(failures.noLeaders(List.of("ink.text", "ink.tokens")))
                .hasMessage("Kafka at kafka:9092 has not brought up ink.text, ink.tokens within 30 s: check its"
                        + " brokers.");
    }
}

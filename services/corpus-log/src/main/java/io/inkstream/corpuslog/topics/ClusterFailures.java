package io.inkstream.corpuslog.topics;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Says what went wrong with a cluster, and what to do about it. */
final class ClusterFailures {

    private final String bootstrapServers;
    private final Duration patience;

    ClusterFailures(String bootstrapServers, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.patience = patience;
    }

    InkstreamException noClient(KafkaException e) {
        return new InkstreamException(
                "No Kafka client can be made for %s (%s): check the bootstrap servers and the KAFKA_* variables."
                        .formatted(bootstrapServers, innermost(e)),
                e);
    }

    /** What could not be done, for instance {@code topic inkstream.text cannot be created}. */
    InkstreamException failed(String what, KafkaException e) {
        if (e instanceof TimeoutException) {
            return new InkstreamException(
                    "Kafka at %s does not answer within %d s: check that it runs there and can be reached, and the KAFKA_* variables if it asks for TLS or a password."
                            .formatted(bootstrapServers, Math.max(1, patience.toSeconds())),
                    e);
        }
        if (e instanceof AuthenticationException) {
            return new InkstreamException(
                    "Kafka at %s refuses this client's identity (%s): check the KAFKA_* variables for TLS and SASL."
                            .formatted(bootstrapServers, e.getMessage()),
                    e);
        }
        if (e instanceof AuthorizationException) {
            return new InkstreamException(
                    "Kafka at %s does not permit it: %s (%s); grant this client Describe, DescribeConfigs and Create on the topics, or create them yourself."
                            .formatted(bootstrapServers, what, e.getMessage()),
                    e);
        }
        return new InkstreamException(
                "On Kafka at %s %s (%s): mend that, or create the topic yourself."
                        .formatted(bootstrapServers, what, e.getMessage()),
                e);
    }

    InkstreamException noLeaders(List<String> topics) {
        return new InkstreamException("Kafka at %s has not brought up %s within %d s: check its brokers."
                .formatted(bootstrapServers, String.join(", ", topics), Math.max(1, patience.toSeconds())));
    }

    InkstreamException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new InkstreamException(
                "Stopped while waiting for Kafka at %s: start again.".formatted(bootstrapServers), e);
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}

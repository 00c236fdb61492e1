package io.inkstream.platform.cluster;

import io.inkstream.platform.InkstreamException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Says what went wrong with a cluster, and what to do about it. */
public final class ClusterFailures {

    private final String bootstrapServers;
    private final Duration timeout;

    /**
     * The failures of one cluster.
     *
     * @param timeout how long each request has waited
     */
    public ClusterFailures(String bootstrapServers, Duration timeout) {
        this.bootstrapServers = bootstrapServers;
        this.timeout = timeout;
    }

    /** A command did not reach a broker. */
    public UnreachableException unreachable(Exception e) {
        Throwable root = innermost(e);
        boolean silent = root instanceof TimeoutException || root instanceof java.util.concurrent.TimeoutException;
        return new UnreachableException(
                "No Kafka broker answers at %s%s: start one with 'inkstream up', or name yours with --bootstrap-servers."
                        .formatted(bootstrapServers, silent ? "" : " (%s)".formatted(withoutFullStop(root))),
                e);
    }

    /** A Kafka client could not be created. */
    public InkstreamException noClient(KafkaException e) {
        return new InkstreamException(
                "No Kafka client can be created for %s (%s): check the bootstrap servers and the KAFKA_* variables."
                        .formatted(bootstrapServers, innermost(e).getMessage()),
                e);
    }

    /**
     * A request of an administrator failed.
     *
     * @param what could not be done, for instance {@code topic inkstream.text cannot be created}
     */
    public InkstreamException failed(String what, KafkaException e) {
        if (e instanceof TimeoutException) {
            return new InkstreamException(
                    "Kafka at %s does not answer within %d s: check that it runs there and can be reached, and the KAFKA_* variables if it asks for TLS or a password."
                            .formatted(bootstrapServers, seconds()),
                    e);
        }
        if (e instanceof AuthenticationException) {
            return new InkstreamException(
                    "Kafka at %s rejects this client's identity (%s): check the KAFKA_* variables for TLS and SASL."
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
                "On Kafka at %s %s (%s): fix that, or create the topic yourself."
                        .formatted(bootstrapServers, what, e.getMessage()),
                e);
    }

    /** Some topics have no leaders yet. */
    public InkstreamException noLeaders(List<String> topics) {
        return new InkstreamException("Kafka at %s has not brought up %s within %d s: check its brokers."
                .formatted(bootstrapServers, String.join(", ", topics), seconds()));
    }

    /** The thread was interrupted, which it stays. */
    public InkstreamException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new InkstreamException(
                "Stopped while waiting for Kafka at %s: start again.".formatted(bootstrapServers), e);
    }

    private long seconds() {
        return Math.max(1, timeout.toSeconds());
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String withoutFullStop(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}

package io.inkstream.platform.cluster;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.access.ListenerProbe;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The brokers that a command or a service connects to. */
public final class Cluster {

    private static final Logger log = LoggerFactory.getLogger(Cluster.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    private Cluster() {}

    /**
     * Asks the cluster for its id, so that a command fails at once and not in the middle of its work.
     *
     * @throws InkstreamException if no broker answers within a few seconds, or one rejects this client
     */
    public static void requireReachable(Connection connection) {
        try {
            Admin admin = client(connection);
            try {
                admin.describeCluster().clusterId().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                admin.close(Duration.ZERO); // without waiting for an answer that does not come
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw unreachable(connection, e);
        }
    }

    /**
     * Waits until a broker answers, as a service does that is started together with the brokers, or before them.
     *
     * @param timeout how long to go on asking; each attempt may take a few seconds
     * @throws UnreachableException if no broker answers in this time
     * @throws InkstreamException if a broker rejects this client or wants to be spoken to in another way: at once, as waiting does
     *     not change it
     */
    public static void awaitReachable(Connection connection, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean waiting = false;
        while (true) {
            try {
                requireReachable(connection);
                return;
            } catch (UnreachableException e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                if (!waiting) {
                    log.atWarn()
                            .addKeyValue("address", connection.bootstrapServers())
                            .addKeyValue("timeout", timeout)
                            .addKeyValue("error", e.getMessage())
                            .log("Waiting for Kafka");
                    waiting = true;
                }
            }
            try {
                Thread.sleep(BETWEEN_ATTEMPTS.toMillis());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    /** An administration client that gives up after a few seconds. */
    public static Admin admin(Connection connection) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        return Admin.create(properties);
    }

    /** What to say when no broker answers: that it rejects this client, or wants to be spoken to in another way, where that is so. */
    public static InkstreamException unreachable(Connection connection, Exception e) {
        return new AccessFailures(connection, List.of())
                .explain(e)
                .or(() -> new ListenerProbe(connection).mismatch().map(sentence -> new InkstreamException(sentence, e)))
                .orElseGet(() -> failures(connection).unreachable(e));
    }

    private static Admin client(Connection connection) {
        try {
            return admin(connection);
        } catch (KafkaException e) {
            throw nameUnknown(e)
                    ? failures(connection).unreachable(e)
                    : failures(connection).noClient(e);
        }
    }

    /** Whether no name of a broker has an address: in a network of containers, one that does not run has none. */
    private static boolean nameUnknown(KafkaException e) {
        return e.getCause() instanceof ConfigException config
                && String.valueOf(config.getMessage()).startsWith("No resolvable bootstrap urls");
    }

    private static ClusterFailures failures(Connection connection) {
        return new ClusterFailures(connection.bootstrapServers(), TIMEOUT);
    }
}

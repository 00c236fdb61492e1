package io.inkstream.platform.cluster;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** The brokers that a command is to talk to. */
public final class Cluster {

    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private Cluster() {}

    /**
     * Asks the cluster for its name, so that a command fails at once and not in the middle of its work.
     *
     * @throws InkstreamException if no broker answers within a few seconds
     */
    public static void requireReachable(Connection connection) {
        Admin admin = null;
        try {
            admin = admin(connection);
            admin.describeCluster().clusterId().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw unreachable(connection, e);
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO); // without waiting for an answer that does not come
            }
        }
    }

    /** An administration client that gives up after a few seconds. */
    public static Admin admin(Connection connection) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        return Admin.create(properties);
    }

    public static InkstreamException unreachable(Connection connection, Exception e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        boolean silence =
                root instanceof org.apache.kafka.common.errors.TimeoutException || root instanceof TimeoutException;
        return new InkstreamException(
                "No Kafka broker answers at %s%s: start one with 'inkstream up', or name yours with --bootstrap-servers."
                        .formatted(connection.bootstrapServers(), silence ? "" : " (%s)".formatted(sentencePart(root))),
                e);
    }

    private static String sentencePart(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}

package io.inkstream.platform.consumers;

import io.inkstream.platform.config.Connection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Properties of a consumer that reads committed records only, from the start of what it is assigned, and creates no topics. */
public final class CommittedReads {

    private CommittedReads() {}

    /** A new map, to which the caller adds its own. */
    public static Map<String, Object> properties(Connection connection) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    /**
     * The same for a consumer that reads what is there and ends. Kafka's consumers fetch ahead, and the broker holds a
     * fetch at the end of a partition back for half a second in the hope of more: the next request on this connection
     * would wait for it, and so would closing.
     */
    public static Map<String, Object> bounded(Connection connection) {
        Map<String, Object> properties = properties(connection);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return properties;
    }
}

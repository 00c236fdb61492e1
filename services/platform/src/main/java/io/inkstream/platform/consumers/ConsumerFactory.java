package io.inkstream.platform.consumers;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.KafkaContact;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Opens the consumers of a service. Each reads committed records as byte arrays, from the start of what it is assigned,
 * commits offsets only when asked to, and creates no topics; its metrics are among the service's until it is closed, and the
 * service's health depends on it. Safe for use by several threads.
 */
public final class ConsumerFactory {

    private final Connection connection;
    private final MeterRegistry meters;
    private final KafkaContact contact;

    /**
     * A factory for one service.
     *
     * @param meters to which the consumers add their metrics
     * @param contact which watches whether the brokers answer the consumers
     */
    public ConsumerFactory(Connection connection, MeterRegistry meters, KafkaContact contact) {
        this.connection = connection;
        this.meters = meters;
        this.contact = contact;
    }

    /**
     * A consumer without a group, for partitions that the caller assigns.
     *
     * @param clientId its client id, behind the configured one where there is one, as metrics need different ids
     */
    public KafkaConsumer<byte[], byte[]> open(String clientId) {
        Map<String, Object> properties = CommittedReads.properties(connection);
        Object configured = properties.get(ConsumerConfig.CLIENT_ID_CONFIG);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, configured == null ? clientId : configured + "-" + clientId);
        return open(properties);
    }

    /**
     * A member of a consumer group, which keeps its partitions over a restart where the connection names an instance.
     *
     * @param clientId its client id, unless one is configured: by that, tools that describe the group name its members
     * @param configure adds properties, and may replace any
     */
    public KafkaConsumer<byte[], byte[]> openMember(
            String clientId, String group, Consumer<Map<String, Object>> configure) {
        Map<String, Object> properties = CommittedReads.properties(connection);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        connection.instance().ifPresent(name -> properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        // With the protocol "consumer" these are the broker's to set, and a client that sets them does not start.
        if (!"consumer".equals(properties.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
            properties.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
            properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        }
        properties.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        configure.accept(properties);
        return open(properties);
    }

    /**
     * A consumer for a {@link BoundedRead}: without a group, for partitions that the caller assigns, and not watched, as it
     * lives for that read only.
     */
    public static KafkaConsumer<byte[], byte[]> openBounded(Connection connection) {
        return openBounded(connection, properties -> {});
    }

    /**
     * The same with other properties.
     *
     * @param configure adds properties, and may replace any
     */
    public static KafkaConsumer<byte[], byte[]> openBounded(
            Connection connection, Consumer<Map<String, Object>> configure) {
        Map<String, Object> properties = CommittedReads.bounded(connection);
        configure.accept(properties);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private KafkaConsumer<byte[], byte[]> open(Map<String, Object> properties) {
        MonitoredConsumer consumer = new MonitoredConsumer(properties, meters);
        contact.watch(consumer::metrics);
        return consumer;
    }
}

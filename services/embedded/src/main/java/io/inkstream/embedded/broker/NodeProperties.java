package io.inkstream.embedded.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Kafka's properties for a single node that is broker and controller in one. */
final class NodeProperties {

    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private NodeProperties() {}

    static Map<String, String> of(Path logs, int clientPort, int controllerPort) {
        Map<String, String> properties = new HashMap<>();
        properties.putAll(node(logs, clientPort, controllerPort));
        properties.putAll(singleReplica());
        properties.putAll(quickRestart());
        properties.putAll(promptCompaction());
        properties.putAll(modestResources());
        return properties;
    }

    private static Map<String, String> node(Path logs, int clientPort, int controllerPort) {
        String host = LoopbackSockets.HOST;
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE_ID),
                "controller.quorum.voters",
                "%d@%s:%d".formatted(NODE_ID, host, controllerPort),
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "inter.broker.listener.name",
                "PLAINTEXT",
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "listeners",
                "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(host, clientPort, host, controllerPort),
                "advertised.listeners",
                "PLAINTEXT://%s:%d".formatted(host, clientPort),
                "log.dirs",
                logs.toString(),
                "auto.create.topics.enable",
                "false");
    }

    private static Map<String, String> singleReplica() {
        return Map.of(
                "default.replication.factor", "1",
                "min.insync.replicas", "1",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1");
    }

    /** After a kill, the node waits for its former session to end, and groups wait for their dead members. */
    private static Map<String, String> quickRestart() {
        Map<String, String> properties = new HashMap<>();
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        properties.put("server.max.startup.time.ms", "120000");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("group.min.session.timeout.ms", "1000");
        properties.put("group.consumer.min.session.timeout.ms", "1000");
        properties.put("group.consumer.session.timeout.ms", "10000");
        properties.put("group.consumer.min.heartbeat.interval.ms", "500");
        properties.put("group.consumer.heartbeat.interval.ms", "2000");
        properties.put("group.streams.min.session.timeout.ms", "1000");
        properties.put("group.streams.session.timeout.ms", "10000");
        properties.put("group.streams.min.heartbeat.interval.ms", "500");
        properties.put("group.streams.heartbeat.interval.ms", "2000");
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        return properties;
    }

    /** Checkpoints are written every few seconds: what they replace must be deleted as fast. */
    private static Map<String, String> promptCompaction() {
        return Map.of(
                "log.cleaner.enable", "true",
                "log.cleaner.backoff.ms", "1000",
                "log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024),
                "log.segment.delete.delay.ms", "10000");
    }

    /** It shares its machine, and its Java heap, with the training. */
    private static Map<String, String> modestResources() {
        return Map.of(
                "num.partitions", "4",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.num.partitions", "1",
                "num.network.threads", "2",
                "num.io.threads", "4",
                "background.threads", "4",
                "num.recovery.threads.per.data.dir", "2",
                "metric.reporters", "");
    }
}

package io.inkstream.embedded.broker;

import io.inkstream.platform.InkstreamException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Controller and broker, wired as {@link KafkaRaftServer} wires them, except for two things that it does not let one choose:
 * where the sockets come from, and what a fatal fault does.
 */
final class RunningNode implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RunningNode.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final FatalFaults faults;
    private final String address;

    private RunningNode(FatalFaults faults, String address) {
        this.faults = faults;
        this.address = address;
    }

    /**
     * Starts the node, and returns once it answers.
     *
     * @throws InkstreamException if it does not start; then nothing of it keeps running
     */
    static RunningNode start(BrokerSettings settings) {
        DataFolder folder = DataFolder.lock(settings.dataFolder());
        LoopbackSockets sockets;
        try {
            sockets = LoopbackSockets.bind(settings.port());
        } catch (InkstreamException e) {
            folder.close();
            throw e;
        }
        RunningNode node = new RunningNode(FatalFaults.watch(), LoopbackSockets.HOST + ":" + sockets.clientPort());
        node.parts.push(folder);
        node.parts.push(sockets);
        node.parts.push(node.faults);
        try {
            node.startKafka(settings, folder, sockets);
            return node;
        } catch (Exception e) {
            Throwable reason = node.faults.first().orElse(e);
            InkstreamException failure = new InkstreamException(
                    "Kafka cannot start on the data folder %s (%s): fix the folder, or choose another one with --data DIR."
                            .formatted(folder.path(), reason),
                    reason);
            node.closeAfter(failure);
            throw failure;
        }
    }

    /** Where clients reach it: {@code host:port}. */
    String address() {
        return address;
    }

    /** The fault that stopped it, if any. */
    Optional<Throwable> fault() {
        return faults.first();
    }

    private void startKafka(BrokerSettings settings, DataFolder folder, LoopbackSockets sockets) throws Exception {
        NodeStorage storage = NodeStorage.open(folder.logs());
        Map<String, String> properties =
                NodeProperties.of(folder.logs(), sockets.clientPort(), sockets.controllerPort());
        properties.putAll(settings.further());
        KafkaConfig config = new KafkaConfig(properties, false);
        Map<Integer, InetSocketAddress> voters = Map.of(NodeProperties.NODE_ID, sockets.controllerAddress());
        SharedServer shared = new SharedServer(
                config,
                storage.identity(),
                Time.SYSTEM,
                Server.initializeMetrics(config, Time.SYSTEM, storage.clusterId()),
                CompletableFuture.completedFuture(voters),
                List.of(),
                faults,
                sockets);
        BrokerServer broker = new BrokerServer(shared);
        ControllerServer controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), storage.bootstrap());
        // The broker stops before the controller, which it notifies.
        parts.push(() -> {
            controller.shutdown();
            controller.awaitShutdown();
        });
        controller.startup();
        parts.push(() -> {
            broker.shutdown();
            broker.awaitShutdown();
        });
        broker.startup();
    }

    /** Stops everything, last part first. */
    @Override
    public void close() {
        InkstreamException failure =
                new InkstreamException("The broker on %s did not stop cleanly: see the log.".formatted(address));
        closeAfter(failure);
        if (failure.getSuppressed().length > 0) {
            log.atWarn()
                    .addKeyValue("error", failure.getMessage())
                    .setCause(failure)
                    .log("Kafka broker did not stop cleanly");
        }
    }

    private void closeAfter(Exception failure) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
    }
}

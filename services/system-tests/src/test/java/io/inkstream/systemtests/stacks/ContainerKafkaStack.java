package io.inkstream.systemtests.stacks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/** Apache Kafka and Confluent's schema registry, each in a container, on a network of their own. */
public final class ContainerKafkaStack implements KafkaStack {

    /** The broker's address for containers on {@link #network}. */
    public static final String BROKER = "kafka:19092";

    /** The registry's address for containers on {@link #network}. */
    public static final String REGISTRY = "http://schema-registry:8081";

    private static final int REGISTRY_PORT = 8081;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Network network = Network.newNetwork();

    private final KafkaContainer kafka = new KafkaContainer("apache/kafka:4.3.1")
            .withNetwork(network)
            .withListener(BROKER)
            .withStartupTimeout(LIMIT)
            .withCreateContainerCmdModifier(ContainerKafkaStack::publishOnLoopback);

    private final GenericContainer<?> registry = new GenericContainer<>("confluentinc/cp-schema-registry:8.1.1")
            .withNetwork(network)
            .withNetworkAliases("schema-registry")
            .withExposedPorts(REGISTRY_PORT)
            .withEnv("SCHEMA_REGISTRY_HOST_NAME", "schema-registry")
            .withEnv("SCHEMA_REGISTRY_LISTENERS", "http://0.0.0.0:" + REGISTRY_PORT)
            .withEnv("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", "PLAINTEXT://" + BROKER)
            .withEnv("SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR", "1")
            .waitingFor(Wait.forHttp("/subjects").withStartupTimeout(LIMIT))
            .withCreateContainerCmdModifier(ContainerKafkaStack::publishOnLoopback);

    /** Starts both, and returns once they answer. */
    public ContainerKafkaStack() {
        try {
            kafka.start();
            registry.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public Connection connection() {
        return new Connection(
                kafka.getBootstrapServers(),
                "http://%s:%d".formatted(registry.getHost(), registry.getMappedPort(REGISTRY_PORT)));
    }

    /** The network of both, for further containers. */
    public Network network() {
        return network;
    }

    /**
     * Freezes every process of the broker's container: connections stay open, and nothing answers. Processes that are busy
     * with the disk may not freeze in the time that the engine gives them; it then lets all go on, and is asked again.
     */
    public void pauseBroker() {
        await().atMost(LIMIT).untilAsserted(() -> assertThatCode(() -> kafka.getDockerClient()
                        .pauseContainerCmd(kafka.getContainerId())
                        .exec())
                .doesNotThrowAnyException());
    }

    /** Lets the broker go on. */
    public void unpauseBroker() {
        kafka.getDockerClient().unpauseContainerCmd(kafka.getContainerId()).exec();
    }

    @Override
    public void close() {
        registry.stop();
        kafka.stop();
        network.close();
    }

    /** Testcontainers would publish ports on every address of this machine. */
    public static void publishOnLoopback(CreateContainerCmd container) {
        List<PortBinding> ports = Arrays.stream(Objects.requireNonNull(container.getExposedPorts()))
                .map(port -> new PortBinding(Ports.Binding.bindIp("127.0.0.1"), port))
                .toList();
        Objects.requireNonNull(container.getHostConfig()).withPortBindings(ports);
    }
}

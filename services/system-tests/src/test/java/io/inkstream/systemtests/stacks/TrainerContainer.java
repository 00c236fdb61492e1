package io.inkstream.systemtests.stacks;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** A trainer in a container, in the network of a {@link ContainerKafkaStack}, which can be cut off from it. */
public final class TrainerContainer implements AutoCloseable {

    private static final int METRICS_PORT = 8090;
    private static final long MEMORY = 1L << 30;
    private static final Duration STARTUP = Duration.ofMinutes(2);

    private final ContainerKafkaStack stack;
    private final GenericContainer<?> container;

    /**
     * A trainer that is not started yet.
     *
     * @param name its client id, by which the consumer group names it
     */
    public TrainerContainer(ContainerKafkaStack stack, String name) {
        this.stack = stack;
        this.container = new GenericContainer<>(ContainerImages.of("trainer"))
                .withNetwork(stack.network())
                .withCommand("trainer", "--device", "cpu", "--threads", "1", "--checkpoint-interval", "1")
                .withEnv("INKSTREAM_BOOTSTRAP_SERVERS", ContainerKafkaStack.BROKER)
                .withEnv("INKSTREAM_SCHEMA_REGISTRY", ContainerKafkaStack.REGISTRY)
                .withEnv("KAFKA_CLIENT_ID", name)
                .withExposedPorts(METRICS_PORT)
                .waitingFor(Wait.forHttp("/health/live").withStartupTimeout(STARTUP))
                .withCreateContainerCmdModifier(ContainerKafkaStack::publishOnLoopback)
                .withCreateContainerCmdModifier(
                        command -> command.getHostConfig().withMemory(MEMORY));
    }

    /** Starts it, and returns once it is live. */
    public void start() {
        container.start();
    }

    /** Takes it off the network: its connections stay open, and nothing passes through them. */
    public void cutOff() {
        docker().disconnectFromNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(stack.network().getId())
                .withForce(true)
                .exec();
    }

    /** Puts it on the network again. */
    public void reconnect() {
        docker().connectToNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(stack.network().getId())
                .exec();
    }

    /** What it has logged. */
    public String logs() {
        return container.getLogs();
    }

    @Override
    public void close() {
        container.stop();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }
}

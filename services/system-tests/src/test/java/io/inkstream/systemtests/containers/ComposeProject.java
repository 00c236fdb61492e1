package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.config.KafkaEnvironment;
import io.inkstream.systemtests.processes.FreePorts;
import io.inkstream.systemtests.security.Credentials;
import io.inkstream.systemtests.stacks.CommandRun;
import io.inkstream.systemtests.stacks.ContainerImages;
import io.inkstream.systemtests.stacks.DockerEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stack of {@code docker-compose.yml}, driven by {@code docker compose} as a user drives it, under a project name and
 * on ports of its own.
 */
public final class ComposeProject implements AutoCloseable {

    /** The services, in the order of their start. */
    static final List<String> SERVICES = List.of("kafka", "schema-registry", "ingest", "trainer", "generator");

    private static final Path LOG = Path.of("target", "compose.log").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String MAIN_FILE = "docker-compose.yml";

    private final Connection connection;
    private final Map<String, String> environment;

    private ComposeProject(
            List<Integer> kafkaPorts, int registryPort, Connection connection, String files, Map<String, String> more) {
        this.connection = connection;
        Map<String, String> variables = new HashMap<>(Map.of(
                "COMPOSE_PROJECT_NAME",
                "inkstream-" + kafkaPorts.get(0),
                "COMPOSE_FILE",
                files,
                "INKSTREAM_TAG",
                ContainerImages.TAG,
                "INKSTREAM_CHECKPOINT_INTERVAL",
                "1",
                "INKSTREAM_REGISTRY_PORT",
                Integer.toString(registryPort)));
        for (int i = 0; i < kafkaPorts.size(); i++) {
            variables.put(
                    "INKSTREAM_KAFKA_PORT" + (i == 0 ? "" : "_" + (i + 1)),
                    kafkaPorts.get(i).toString());
        }
        variables.putAll(more);
        this.environment = Map.copyOf(variables);
    }

    /** Starts the stack as it is, with one broker, and waits until it is ready. */
    static ComposeProject start() {
        return start(1, MAIN_FILE);
    }

    /** Starts the stack with three brokers, and waits until it is ready. */
    static ComposeProject startCluster() {
        return start(3, MAIN_FILE + ":services/deploy/compose/cluster.yml");
    }

    private static ComposeProject start(int brokers, String files) {
        List<Integer> ports = Stream.generate(FreePorts::next).limit(brokers).toList();
        int registry = FreePorts.next();
        Connection connection = new Connection(
                ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")),
                "http://127.0.0.1:" + registry);
        return start(new ComposeProject(ports, registry, connection, files, Map.of()));
    }

    /** Starts the stack with TLS, passwords and permissions, and waits until it is ready; connects as a user. */
    static ComposeProject startSecured(Credentials credentials) {
        int broker = FreePorts.next();
        int registry = FreePorts.next();
        Connection connection = new Connection(
                "localhost:" + broker,
                "https://localhost:" + registry,
                Connection.DEFAULT_SERDE_CLASS,
                KafkaEnvironment.properties(credentials.environment("user")));
        return start(new ComposeProject(
                List.of(broker),
                registry,
                connection,
                MAIN_FILE + ":services/deploy/compose/secure.yml",
                Map.of("INKSTREAM_SECURITY", credentials.folder().toString())));
    }

    private static ComposeProject start(ComposeProject project) {
        try {
            long began = System.nanoTime();
            project.up();
            System.out.printf("Everything is ready: %.0f s%n", (System.nanoTime() - began) / 1e9);
            return project;
        } catch (RuntimeException | AssertionError e) {
            project.close();
            throw e;
        }
    }

    /** How a client on this machine reaches Kafka and the registry. */
    public Connection connection() {
        return connection;
    }

    /** {@code docker compose up --wait}: starts what does not run, and returns when everything is ready. */
    public void up(String... options) {
        String unused = run(Stream.concat(Stream.of("up", "--detach", "--wait"), Stream.of(options))
                .toArray(String[]::new));
    }

    /** Runs {@code docker compose}, which must succeed, and returns its output. */
    public String run(String... arguments) {
        return require(command(arguments)).output();
    }

    /** Runs {@code docker compose} with input, whether it succeeds or not. */
    CommandRun attempt(Path input, String... arguments) {
        return CommandRun.of(ContainerImages.ROOT, environment, input, LIMIT, command(arguments));
    }

    /** Runs the command line in a container of its own, which must succeed. */
    CommandRun cli(String... arguments) {
        return require(command(Stream.concat(Stream.of("run", "--rm", "-T", "cli"), Stream.of(arguments))
                .toArray(String[]::new)));
    }

    /** The ids of a service's containers. */
    List<String> containers(String service) {
        return run("ps", "--quiet", service).lines().toList();
    }

    /** What the engine knows of the only container of a service. */
    JsonNode inspect(String service) {
        List<String> containers = containers(service);
        assertThat(containers).as("containers of %s", service).hasSize(1);
        return DockerEngine.inspect(containers.get(0));
    }

    /** Ends the containers and deletes their volumes; what they printed is in {@code target/compose.log}. */
    @Override
    public void close() {
        try {
            Files.writeString(
                    LOG,
                    attempt(Path.of("/dev/null"), "logs", "--no-color", "--timestamps")
                            .output());
        } catch (IOException e) {
            throw new AssertionError(LOG.toString(), e);
        } finally {
            String unused = run("--profile", "cpu", "--profile", "cli", "down", "--volumes", "--timeout", "2");
        }
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "compose"));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private CommandRun require(List<String> command) {
        return CommandRun.of(ContainerImages.ROOT, environment, LIMIT, command).successful();
    }
}

package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stack of {@code docker-compose.yml}, driven by {@code docker compose} as a user drives it, under a project name and
 * on ports of its own.
 */
public final class ComposeProject implements AutoCloseable {

    /** The services, in the order of their start. */
    static final List<String> SERVICES = List.of("kafka", "schema-registry", "ingest", "trainer", "generator");

    private static final Path LOGS = Path.of("target", "compose").toAbsolutePath();
    private static final String NAME = "COMPOSE_PROJECT_NAME";
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String MAIN_FILE = "docker-compose.yml";

    private final Connection connection;
    private final Map<String, String> environment;

    private ComposeProject(
            List<Integer> kafkaPorts, int registryPort, Connection connection, String files, Map<String, String> more) {
        this.connection = connection;
        Map<String, String> variables = new HashMap<>(Map.of(
                NAME,
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
        return start(1, MAIN_FILE, ComposeProject::up);
    }

    /** Starts the stack with three brokers, and waits until it is ready. */
    static ComposeProject startCluster() {
        return start(3, MAIN_FILE + ":services/deploy/compose/cluster.yml", ComposeProject::upWithRestarts);
    }

    private static ComposeProject start(int brokers, String files, Consumer<ComposeProject> up) {
        List<Integer> ports = Stream.generate(FreePorts::next).limit(brokers).toList();
        int registry = FreePorts.next();
        Connection connection = new Connection(
                ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")),
                "http://127.0.0.1:" + registry);
        return start(new ComposeProject(ports, registry, connection, files, Map.of()), up);
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
        return start(
                new ComposeProject(
                        List.of(broker),
                        registry,
                        connection,
                        MAIN_FILE + ":services/deploy/compose/secure.yml",
                        Map.of("INKSTREAM_SECURITY", credentials.folder().toString())),
                ComposeProject::up);
    }

    private static ComposeProject start(ComposeProject project, Consumer<ComposeProject> up) {
        try {
            long began = System.nanoTime();
            up.accept(project);
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

    /** The same without {@code --wait}, which fails when a container ends, although it is started again. */
    void upWithRestarts() {
        String unused = run("up", "--detach");
        await("healthy containers")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(() ->
                        run("ps", "--all", "--format", "{{.Health}}").lines().allMatch("healthy"::equals));
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

    /** Ends the containers and deletes their volumes; what they printed is in {@code target/compose}, by the project's name. */
    @Override
    public void close() {
        Path log = LOGS.resolve(environment.get(NAME) + ".log");
        try {
            Files.createDirectories(LOGS);
            Files.writeString(
                    log,
                    attempt(Path.of("/dev/null"), "logs", "--no-color", "--timestamps")
                            .output());
        } catch (IOException e) {
            throw new AssertionError(log.toString(), e);
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

package io.inkstream.systemtests.processes;

import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.platform.config.Connection;
import io.inkstream.systemtests.InkstreamProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A broker and services, each a process of its own on this machine, that are killed, paused and started again by name.
 * It ends what it started, and nothing else. Used by one thread.
 */
public final class ProcessFleet implements AutoCloseable {

    /** The name of the broker, which has the registry in its process. */
    public static final String BROKER = "broker";

    /** Partitions of the topics. */
    public static final int PARTITIONS = 4;

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int LAST_LINES = 30;
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();
    private final Map<String, FleetMember> members = new LinkedHashMap<>();
    private final Path folder;
    private final Connection connection;
    private final Map<String, String> environment;

    /**
     * A fleet that is not started yet.
     *
     * @param folder for the broker's data and the logs
     * @param services each {@code ingest}, {@code trainer} or {@code generator}, or one of them with {@code -} and more
     *     behind it
     * @param environment further variables for the services
     */
    public ProcessFleet(Path folder, List<String> services, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
        int port = FreePorts.next();
        int registryPort = FreePorts.next();
        this.connection = new Connection("127.0.0.1:" + port, "http://127.0.0.1:" + registryPort);
        members.put(BROKER, new FleetMember(BROKER, 0, () -> launchBroker(port, registryPort)));
        for (String service : services) {
            int metricsPort = FreePorts.next();
            members.put(service, new FleetMember(service, metricsPort, () -> launch(service, metricsPort)));
        }
    }

    /** How to reach the broker and the registry, whether they run or not. */
    public Connection connection() {
        return connection;
    }

    /** The names of the services, without the broker. */
    public List<String> services() {
        return members.keySet().stream().filter(name -> !name.equals(BROKER)).toList();
    }

    /** The port of a service's metrics and health. */
    public int metricsPort(String name) {
        return member(name).port();
    }

    /** Starts the broker, and returns when all topics are there. */
    public void startBroker(TopicNames topics) {
        start(BROKER);
        members.get(BROKER).current().awaitOutput("^(Listening)");
        TopicProvisioner.ensure(connection, topics, PARTITIONS, EnumSet.allOf(Topic.class));
    }

    /** Starts a process, unless it is running; returns immediately. */
    public void start(String name) {
        member(name).start();
    }

    /** Sends SIGKILL; returns when the process is gone. */
    public void kill(String name) {
        member(name).kill();
    }

    /** Sends SIGSTOP. */
    public void pause(String name) {
        member(name).pause();
    }

    /** Sends SIGCONT. */
    public void resume(String name) {
        member(name).resume();
    }

    /** Sends SIGTERM, and starts it again when it has ended. */
    public void restart(String name) {
        member(name).restart();
    }

    /** Sends SIGTERM, and returns the exit code when it has ended. */
    public int terminate(String name) {
        return member(name).terminate();
    }

    /** Starts what has ended by itself again; call it now and then. */
    public void supervise() {
        members.values().forEach(FleetMember::supervise);
    }

    /** How often processes have ended without being asked to. */
    public Map<String, Integer> endedByThemselves() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        members.values().forEach(member -> counts.put(member.name(), member.endedByItself()));
        return counts;
    }

    /** What a service answers at {@code /health/ready}, or empty if it does not answer. */
    public Optional<HttpResponse<String>> health(String name) {
        URI address = URI.create(
                "http://127.0.0.1:%d/health/ready".formatted(member(name).port()));
        try {
            return Optional.of(http.send(
                    HttpRequest.newBuilder(address).timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException notThere) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** True when a service runs and says that it does its work. */
    public boolean ready(String name) {
        return member(name).running()
                && health(name).filter(answer -> answer.statusCode() == 200).isPresent();
    }

    /** True when every service runs and says that it does its work. */
    public boolean ready() {
        return members.get(BROKER).running() && services().stream().allMatch(this::ready);
    }

    /** True while the process runs and is not paused. */
    public boolean running(String name) {
        return member(name).running();
    }

    /** Everything that the processes of this name have logged. */
    public String logs(String name) {
        return member(name).logs();
    }

    /** How often each process ended by itself, its warnings and its last lines, for a failure's message. */
    public String lastWords() {
        StringBuilder words = new StringBuilder();
        members.values().forEach(member -> {
            List<String> lines = member.logs().lines().toList();
            int last = Math.max(0, lines.size() - LAST_LINES);
            words.append("--- %s, ended by itself %d times%n".formatted(member.name(), member.endedByItself()));
            lines.subList(0, last).stream()
                    .filter(ProcessFleet::warns)
                    .limit(LAST_LINES)
                    .forEach(line -> words.append(line).append('\n'));
            lines.subList(last, lines.size()).forEach(line -> words.append(line).append('\n'));
        });
        return words.toString();
    }

    private static boolean warns(String line) {
        return line.contains(" WARN ") || line.contains(" ERROR ");
    }

    @Override
    public void close() {
        List<FleetMember> all = new ArrayList<>(members.values());
        // The broker goes last: the others say good-bye to it.
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).close();
        }
    }

    private FleetMember member(String name) {
        FleetMember member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("This fleet has no %s: %s".formatted(name, members.keySet()));
        }
        return member;
    }

    private InkstreamProcess launchBroker(int port, int registryPort) {
        return InkstreamProcess.java(
                logFolder(),
                BROKER,
                List.of("-Xmx512m"),
                Map.of(),
                BrokerProcess.class.getName(),
                List.of(folder.resolve("data").toString(), Integer.toString(port), Integer.toString(registryPort)));
    }

    private InkstreamProcess launch(String name, int metricsPort) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                name.replaceFirst("-.*", ""),
                "--bootstrap-servers",
                connection.bootstrapServers(),
                "--schema-registry",
                connection.schemaRegistryUrl(),
                "--partitions",
                Integer.toString(PARTITIONS),
                "--metrics-port",
                Integer.toString(metricsPort),
                "--device",
                "cpu",
                "--threads",
                "1",
                "--checkpoint-interval",
                "1"));
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.put("KAFKA_CLIENT_ID", name); // so that the group tells who owns what
        return InkstreamProcess.start(logFolder(), name, List.of("-Xmx256m"), variables, arguments);
    }

    private Path logFolder() {
        try {
            return Files.createDirectories(folder.resolve("logs"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until every service is ready. */
    public void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!ready()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not everything is ready after %s: %s".formatted(TIMEOUT, lastWords()));
            }
            supervise();
            Thread.sleep(200);
        }
    }
}

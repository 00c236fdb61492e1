package io.inkstream.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.launcher.services.Services;
import io.inkstream.systemtests.InkstreamProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes with good and with bad credentials: how they end, and what they print. */
@Tag("full")
class SecretsTest {

    /** The longest time after which a process that is rejected has ended, its start included. */
    private static final Duration AT_ONCE = Duration.ofSeconds(30);

    private static final SecuredCluster CLUSTER = SecuredFixture.get();

    @TempDir
    Path folder;

    @BeforeEach
    void permit() {
        CLUSTER.permit(Grants.of("secrets"));
    }

    /** Whatever was printed, no password is in it. */
    @AfterEach
    void findNoSecrets() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String printed = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                assertThat(CLUSTER.credentials().secrets()).as(file.toString()).noneMatch(printed::contains);
            }
        }
    }

    /** A command or a service, what is wrong with its settings, and what it says. */
    private record Rejection(String user, List<String> command, Map<String, String> wrong, String says) {

        @Override
        public String toString() {
            return String.join(" ", command) + ": " + says;
        }
    }

    private static List<Rejection> rejections() {
        List<Rejection> rejections = new ArrayList<>();
        String jaas =
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"wrong\";";
        for (String service : Services.NAMES) {
            List<String> run = List.of("run", service, "--metrics-port", "0");
            rejections.add(new Rejection(
                    service,
                    run,
                    Map.of("KAFKA_SASL_JAAS_CONFIG", jaas.formatted(service)),
                    "rejects the user name or the password of user '%s'".formatted(service)));
            rejections.add(new Rejection(
                    service,
                    run,
                    Map.of("KAFKA_BASIC_AUTH_USER_INFO", service + ":wrong"),
                    "The schema registry rejected GET https://localhost:\\d+/schemas/types with status 401"));
        }
        List<List<String>> commands = List.of(
                List.of("produce", "--corpus", "story", "-"),
                List.of("train", "--corpus", "story"),
                List.of("watch", "--once"),
                List.of("complete", "--corpus", "story", "the"),
                List.of("corpora"),
                List.of("checkpoints", "--corpus", "story"),
                List.of("verify", "--corpus", "story"),
                List.of("rollback", "--corpus", "story", "--to", "abcd"),
                List.of("provenance", "--corpus", "story"),
                List.of("dead-letters"));
        commands.forEach(command -> rejections.add(new Rejection(
                "user",
                command,
                Map.of("KAFKA_SASL_JAAS_CONFIG", jaas.formatted("user")),
                "rejects the user name or the password of user 'user'")));
        rejections.add(new Rejection(
                "user",
                List.of("corpora"),
                Map.of("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT"),
                "expects TLS, and this client does not use it: set KAFKA_SECURITY_PROTOCOL"));
        rejections.add(
                new Rejection(
                        "user",
                        List.of("corpora"),
                        Map.of("KAFKA_SECURITY_PROTOCOL", "SSL"),
                        "asks for a user name and a password: set KAFKA_SECURITY_PROTOCOL to SASL_SSL, KAFKA_SASL_MECHANISM to one of SCRAM-SHA-512"));
        rejections.add(new Rejection(
                "user",
                List.of("corpora"),
                Map.of("KAFKA_SASL_MECHANISM", "SCRAM-SHA-256"),
                "does not offer the SASL mechanism SCRAM-SHA-256"));
        rejections.add(new Rejection(
                "user",
                List.of("corpora"),
                Map.of("KAFKA_SSL_TRUSTSTORE_LOCATION", "/nowhere/ca.pem"),
                "No Kafka client can be created for localhost:\\d+ \\(.*/nowhere/ca.pem"));
        return rejections;
    }

    @ParameterizedTest
    @MethodSource("rejections")
    void whoIsRejectedEndsAtOnceWithASentence(Rejection rejection) {
        // When
        long start = System.nanoTime();
        List<String> command = new ArrayList<>(rejection.command());
        command.add("--verbose");
        try (InkstreamProcess process = start(rejection.user(), rejection.wrong(), command)) {
            int exitCode = process.end();

            // Then
            assertThat(exitCode).as(process.errors()).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
            assertThat(process.errors().lines().filter(line -> line.startsWith("inkstream: ")))
                    .singleElement()
                    .asString()
                    .containsPattern(rejection.says())
                    .endsWith(".");
        }
    }

    @Test
    void aServiceThatIsWellPrintsNoPasswordEvenIfItPrintsEverything() throws IOException {
        // Given
        List<InkstreamProcess> services = new ArrayList<>();
        try {
            for (String service : Services.NAMES) {
                services.add(start(service, Map.of(), List.of("run", service, "--metrics-port", "0", "--verbose")));
            }
            services.forEach(service -> service.awaitLog("(metricsPort)"));
            Path text = Files.writeString(folder.resolve("text.txt"), "the old press sighed\n".repeat(200));

            // When
            List<List<String>> commands = List.of(
                    List.of("produce", "--corpus", "story", text.toString(), "--verbose"),
                    List.of(
                            "train",
                            "--corpus",
                            "story",
                            "--hidden",
                            "8",
                            "--max-tokens",
                            "2000",
                            "--epochs",
                            "2",
                            "--verbose"),
                    List.of("complete", "--corpus", "story", "--wait", "60", "the old", "--verbose"));
            for (List<String> command : commands) {
                try (InkstreamProcess process = start("user", Map.of(), command)) {
                    assertThat(process.end()).as(process.errors()).isZero();
                    assertThat(process.errors()).contains("sasl.jaas.config = [hidden]");
                }
            }

            // Then nothing but a password is hidden, and all of it was printed
            services.forEach(service -> assertThat(service.errors()).contains("sasl.jaas.config = [hidden]"));
        } finally {
            services.forEach(InkstreamProcess::close);
        }
    }

    private InkstreamProcess start(String user, Map<String, String> wrong, List<String> command) {
        Map<String, String> environment = new HashMap<>(CLUSTER.credentials().environment(user));
        environment.put("INKSTREAM_BOOTSTRAP_SERVERS", CLUSTER.address());
        environment.put("INKSTREAM_SCHEMA_REGISTRY", CLUSTER.registryUrl());
        environment.put("INKSTREAM_TOPIC_PREFIX", "secrets");
        environment.putAll(wrong);
        return InkstreamProcess.start(folder, command.get(0), List.of("-Xmx256m"), environment, command);
    }
}

package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.systemtests.security.Credentials;
import io.inkstream.systemtests.stacks.CommandRun;
import io.inkstream.systemtests.stacks.ContainerImages;
import io.inkstream.systemtests.stacks.DockerEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stack with TLS, passwords and permissions: {@code services/deploy/compose/secure.yml}. */
@Tag("containers")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredContainersTest {

    private static final Path NO_INPUT = Path.of("/dev/null");
    private static final String WRONG_LOGIN =
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"user\" password=\"wrong\";";

    @TempDir
    static Path folder;

    private static Credentials credentials;
    private static ComposeProject project;

    @BeforeAll
    static void start() {
        DockerEngine.requireCompose();
        credentials = Credentials.make(folder.resolve("secrets"), "--mounted-at", "/run/inkstream");
        project = ComposeProject.startSecured(credentials);
    }

    @AfterAll
    static void stop() {
        if (project != null) {
            project.close();
        }
    }

    @Test
    @Order(1)
    void aUserProducesTrainsCompletesAndVerifies() throws IOException {
        // Given
        Path book = Files.writeString(folder.resolve("book.txt"), "the old press sighed\n".repeat(200));

        // When
        CommandRun produced = run(book, "cli", "produce", "--corpus", "wells", "-");
        CommandRun training =
                run("cli", "train", "--corpus", "wells", "--hidden", "8", "--max-tokens", "2000", "--epochs", "2");
        CommandRun completed = run("cli", "complete", "--corpus", "wells", "--wait", "90", "the old");
        CommandRun verified = run("cli", "verify", "--corpus", "wells");

        // Then
        assertThat(List.of(produced, training, completed, verified))
                .allSatisfy(run -> assertThat(run.exitCode()).as(run.errors()).isZero());
        assertThat(completed.output()).startsWith("the old");
        assertThat(verified.output()).contains("\nidentical: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "cli corpora"})
    @Order(2)
    void aWrongPasswordEndsServicesAndCommandsWithASentence(String command) {
        // When
        CommandRun rejected = run(Stream.concat(
                        Stream.of("-e", "KAFKA_SASL_JAAS_CONFIG=" + WRONG_LOGIN), Stream.of(command.split(" ", -1)))
                .toArray(String[]::new));

        // Then
        assertThat(rejected.exitCode()).isEqualTo(1);
        assertThat(rejected.errors()).contains("rejects the user name or the password of user 'user'");
    }

    @Test
    @Order(3)
    void whatTheScriptTakesAwayIsDenied() {
        // When: Kafka's own tools, in a container of the broker's image
        CommandRun removed = run(
                "-v",
                ContainerImages.ROOT.resolve("services/deploy/security") + ":/security:ro",
                "-v",
                ContainerImages.ROOT.resolve(
                                "services/corpus-log/src/main/resources/io/inkstream/corpuslog/topics/permissions.txt")
                        + ":/permissions.txt:ro",
                "-e",
                "PERMISSIONS=/permissions.txt",
                "-e",
                "KAFKA_HEAP_OPTS=-Xmx128m",
                "-e",
                "KAFKA_JVM_PERFORMANCE_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "--entrypoint",
                "sh",
                "kafka",
                "/security/acls.sh",
                "--remove",
                "--principal",
                "user",
                "--bootstrap-server",
                "kafka:29092",
                "--command-config",
                "/run/inkstream/kafka.properties");
        CommandRun denied = run("cli", "corpora");

        // Then
        assertThat(removed.exitCode()).as(removed.errors()).isZero();
        assertThat(denied.exitCode()).isEqualTo(1);
        assertThat(denied.errors())
                .contains("Kafka at kafka:19092 denies user 'user' Read, Write, DescribeConfigs on topic");
    }

    @Test
    @Order(4)
    void noPasswordIsPrinted() {
        String printed = project.run("logs", "--no-color");
        assertThat(printed).contains("Service started");
        assertThat(credentials.secrets()).noneMatch(printed::contains);
    }

    private static CommandRun run(String... arguments) {
        return run(NO_INPUT, arguments);
    }

    /** Runs a command in a container of its own; what it depends on runs already. */
    private static CommandRun run(Path input, String... arguments) {
        return project.attempt(
                input,
                Stream.concat(Stream.of("run", "--rm", "--no-deps", "-T"), Stream.of(arguments))
                        .toArray(String[]::new));
    }
}

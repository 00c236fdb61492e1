package io.inkstream.systemtests.stacks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, where there is one. */
public final class DockerEngine {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private DockerEngine() {}

    /** Skips the test, and says why, where Testcontainers finds no engine; otherwise returns when the images are built. */
    public static void require() {
        Assumptions.assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "No Docker engine answers: start one, or set DOCKER_HOST to its address.");
        ContainerImages.build();
    }

    /** The same for tests that use the {@code docker compose} command. */
    public static void requireCompose() {
        for (List<String> command : List.of(List.of("docker", "info"), List.of("docker", "compose", "version"))) {
            Assumptions.assumeTrue(
                    succeeds(command),
                    () -> "`%s` fails: install Docker with its compose plugin, start the engine, or set DOCKER_HOST."
                            .formatted(String.join(" ", command)));
        }
        ContainerImages.build();
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException notInstalled) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command of Docker's, which must succeed, and returns its output. */
    public static String docker(String... arguments) {
        return CommandRun.of(
                        ContainerImages.ROOT,
                        Map.of(),
                        LIMIT,
                        Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList())
                .successful()
                .output()
                .strip();
    }

    /** What the engine knows of a container, an image or a network. */
    public static JsonNode inspect(String name) {
        try {
            return JSON.readTree(docker("inspect", name)).get(0);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }
}

package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.inkstream.launcher.services.Services;
import io.inkstream.systemtests.stacks.CommandRun;
import io.inkstream.systemtests.stacks.ContainerImages;
import io.inkstream.systemtests.stacks.DockerEngine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The containers start in order, may do no more than they must, and are made of no more than they use. */
@OnComposeStack
class ConfinedContainersTest {

    private static final List<String> SERVICES = ComposeProject.SERVICES;
    private static final Map<String, String> DEPENDS_ON = Map.of(
            "schema-registry",
            "kafka",
            "ingest",
            "schema-registry",
            "trainer",
            "schema-registry",
            "generator",
            "schema-registry");

    private static ComposeProject project;

    @BeforeAll
    static void stack(ComposeProject shared) {
        project = shared;
        project.up();
    }

    @Test
    void upReturnsWhenEverythingIsReady() {
        assertThat(project.run("up", "--detach", "--wait")).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void eachIsHealthyAndWasStartedAfterWhatItNeedsWasHealthy(String service) {
        JsonNode state = project.inspect(service).path("State");
        assertThat(state.at("/Health/Status").asText()).isEqualTo("healthy");
        if (DEPENDS_ON.containsKey(service)) {
            assertThat(instant(state.path("StartedAt")))
                    .isAfter(instant(project.inspect(DEPENDS_ON.get(service)).at("/State/StartedAt")));
        }
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void eachRunsWithoutPrivilegesOnAReadOnlyFileSystem(String service) {
        // Given
        JsonNode host = project.inspect(service).path("HostConfig");

        // When it tries to write where it may not
        CommandRun write = project.attempt(Path.of("/dev/null"), "exec", "-T", service, "touch", "/var/forbidden");

        // Then
        assertThat(write.exitCode()).isNotZero();
        assertThat(write.errors()).contains("Read-only file system");
        assertThat(project.run("exec", "-T", service, "id", "-u").strip()).isNotEqualTo("0");
        assertThat(project.run("exec", "-T", service, "grep", "Cap\\(Eff\\|Prm\\|Bnd\\)", "/proc/1/status")
                        .lines())
                .allSatisfy(capabilities -> assertThat(capabilities).endsWith("0000000000000000"));
        assertThat(project.run("exec", "-T", service, "grep", "NoNewPrivs", "/proc/1/status")
                        .strip())
                .endsWith("1");
        assertThat(host.path("Memory").asLong()).isPositive();
        assertThat(host.path("Privileged").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void eachListensOnThisMachineOnly(String service) {
        List<String> addresses = new ArrayList<>();
        project.inspect(service)
                .at("/NetworkSettings/Ports")
                .forEach(bindings -> bindings.forEach(
                        binding -> addresses.add(binding.path("HostIp").asText())));
        assertThat(addresses).allMatch("127.0.0.1"::equals);
        assertThat(addresses).hasSize(SERVICES.indexOf(service) < 2 ? 1 : 0);
    }

    @Test
    void theServicesHaveNoWayToTheInternet() {
        for (String service : Services.NAMES) {
            assertThat(StreamSupport.stream(
                                    project.inspect(service)
                                            .at("/NetworkSettings/Networks")
                                            .spliterator(),
                                    false)
                            .map(network -> DockerEngine.inspect(
                                            network.path("NetworkID").asText())
                                    .path("Internal")
                                    .asBoolean()))
                    .containsExactly(true);
        }
    }

    @ParameterizedTest
    @CsvSource({"ingest, 300", "generator, 300", "trainer, 700"})
    void eachImageIsSmall(String target, int megabytes) {
        long size =
                DockerEngine.inspect(ContainerImages.of(target)).path("Size").asLong();
        System.out.printf("Image %s: %.0f MB%n", target, size / 1e6);
        assertThat(size).isPositive().isLessThan(megabytes * 1_000_000L);
    }

    @Test
    void onlyTheTrainerHasPyTorchAndOnlyIngestHasRocksDb() {
        assertThat(jars("trainer")).anyMatch(jar -> jar.startsWith("pytorch-native"));
        assertThat(jars("ingest")).anyMatch(jar -> jar.startsWith("rocksdbjni"));
        assertThat(jars("ingest")).noneMatch(jar -> jar.startsWith("pytorch-native") || jar.startsWith("kafka_"));
        assertThat(jars("generator"))
                .noneMatch(jar -> jar.startsWith("pytorch-native") || jar.startsWith("rocksdbjni"));
    }

    private static List<String> jars(String service) {
        return project.run("exec", "-T", service, "ls", "/opt/inkstream/lib")
                .lines()
                .toList();
    }

    private static Instant instant(JsonNode time) {
        return Instant.parse(time.asText());
    }
}

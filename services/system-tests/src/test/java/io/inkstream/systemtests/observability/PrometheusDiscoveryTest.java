package io.inkstream.systemtests.observability;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Bind;
import io.inkstream.systemtests.stacks.ContainerKafkaStack;
import io.inkstream.systemtests.stacks.DockerEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * That Prometheus finds every instance of a service by the service's name, as {@code docker compose up --scale} adds and ends
 * them. Prometheus is that of this machine, in containers, and also stands for the instances, which serve metrics on the
 * same port.
 */
@Tag("containers")
class PrometheusDiscoveryTest {

    private static final String IMAGE = "debian:bookworm-slim";
    private static final String PROGRAM = "/opt/prometheus";
    private static final int INSTANCE_PORT = 8090;
    private static final int PORT = 9090;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void findsInstancesThatAreAddedAndForgetsThoseThatEnd() throws IOException {
        DockerEngine.require();
        Path program = PrometheusProcess.find("prometheus").orElse(null);
        assumeTrue(program != null, "Prometheus is not installed: apt-get install " + PrometheusProcess.PACKAGE);
        MonitoringFiles.writeHasty(folder);
        try (Network network = Network.newNetwork();
                GenericContainer<?> prometheus = prometheus(program, network);
                GenericContainer<?> ingest = instance(program, network, "ingest");
                GenericContainer<?> anotherIngest = instance(program, network, "ingest");
                GenericContainer<?> generator = instance(program, network, "generator")) {
            // Given two instances of ingest, and a generator
            ingest.start();
            anotherIngest.start();
            generator.start();
            prometheus.start();
            PrometheusApi api = new PrometheusApi(prometheus.getMappedPort(PORT));
            await().atMost(TIMEOUT).until(() -> instances(api, "ingest").equals(List.of(2.0)));
            await().atMost(TIMEOUT).until(() -> instances(api, "generator").equals(List.of(1.0)));

            // When
            try (GenericContainer<?> third = instance(program, network, "ingest")) {
                third.start();
                generator.stop();

                // Then
                await().atMost(TIMEOUT).until(() -> instances(api, "ingest").equals(List.of(3.0)));
                await().atMost(TIMEOUT).until(() -> instances(api, "generator").isEmpty());
            }
        }
    }

    private static List<Double> instances(PrometheusApi api, String job) {
        return api.query("count(up{job=\"%s\"} == 1)".formatted(job));
    }

    /** The Prometheus of the compose file, with its configuration. */
    private GenericContainer<?> prometheus(Path program, Network network) {
        return container(network, PORT, "--config.file=/etc/prometheus/prometheus.yml")
                .withCreateContainerCmdModifier(command ->
                        command.getHostConfig().withBinds(bind(program, PROGRAM), bind(folder, "/etc/prometheus")))
                .withExposedPorts(PORT)
                .withCreateContainerCmdModifier(ContainerKafkaStack::publishOnLoopback)
                .waitingFor(Wait.forHttp("/-/ready"));
    }

    /** Something that serves metrics under the name of a service. */
    private static GenericContainer<?> instance(Path program, Network network, String service) {
        return container(network, INSTANCE_PORT, "--config.file=/dev/null")
                .withNetworkAliases(service)
                .withCreateContainerCmdModifier(
                        command -> command.getHostConfig().withBinds(bind(program, PROGRAM)));
    }

    private static GenericContainer<?> container(Network network, int port, String configuration) {
        return new GenericContainer<>(IMAGE)
                .withNetwork(network)
                .withCommand(
                        PROGRAM,
                        configuration,
                        "--storage.tsdb.path=/tmp/data",
                        "--web.listen-address=0.0.0.0:" + port);
    }

    private static Bind bind(Path path, String inside) {
        return Bind.parse("%s:%s:ro".formatted(path, inside));
    }
}

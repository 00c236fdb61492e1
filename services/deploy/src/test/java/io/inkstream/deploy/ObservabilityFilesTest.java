package io.inkstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the files of Prometheus and Grafana fit the compose file, each other and the documents. */
class ObservabilityFilesTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path ROOT = Path.of("../..");
    private static final Path FOLDER = Path.of("observability");

    @Test
    void prometheusLooksUpTheServicesOfTheComposeFile() throws IOException {
        // Given
        JsonNode services = compose().get("services");
        JsonNode prometheus =
                YAML.readTree(FOLDER.resolve("prometheus/prometheus.yml").toFile());

        // When
        List<String> names = prometheus.get("scrape_configs").findValues("names").stream()
                .flatMap(some -> StreamSupport.stream(some.spliterator(), false))
                .map(JsonNode::asText)
                .toList();

        // Then
        assertThat(names)
                .contains("ingest", "trainer", "trainer-gpu", "generator")
                .allSatisfy(name -> assertThat(services.has(name)).as(name).isTrue());
        assertThat(services.at("/prometheus/networks").toString()).contains("pipeline");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prometheus", "grafana"})
    void aServiceOfTheProfileIsPinnedConfinedAndOnLoopbackOnly(String name) throws IOException {
        // When
        JsonNode service = compose().get("services").get(name);

        // Then
        assertThat(service.get("profiles")).hasToString("[\"observability\"]");
        assertThat(service.get("image").asText()).matches("[a-z/]+:v?\\d+\\.\\d+\\.\\d+");
        assertThat(service.get("user").asText()).doesNotStartWith("0");
        assertThat(service.get("ports")).isNotEmpty().allSatisfy(port -> assertThat(port.asText())
                .startsWith("127.0.0.1:"));
        assertThat(service.get("volumes"))
                .extracting(JsonNode::asText)
                .filteredOn(volume -> volume.startsWith("./"))
                .isNotEmpty()
                .allSatisfy(volume -> {
                    assertThat(volume).endsWith(":ro");
                    assertThat(ROOT.resolve(volume.substring(2, volume.indexOf(':'))))
                            .isDirectory();
                });
    }

    @Test
    void theDashboardAsksTheDataSourceThatIsProvisioned() throws IOException {
        // Given
        JsonNode source = YAML.readTree(FOLDER.resolve("grafana/provisioning/datasources/prometheus.yml")
                .toFile());
        JsonNode dashboard = new ObjectMapper()
                .readTree(FOLDER.resolve("grafana/dashboards/inkstream.json").toFile());

        // Then
        assertThat(dashboard.findValues("datasource"))
                .isNotEmpty()
                .extracting(used -> used.get("uid").asText())
                .containsOnly(source.at("/datasources/0/uid").asText());
        assertThat(dashboard.get("panels"))
                .extracting(panel -> panel.get("id").asInt())
                .doesNotHaveDuplicates();
    }

    @Test
    void theDocumentsSayWhatToDoAboutEachAlert() throws IOException {
        // Given
        String document = Files.readString(ROOT.resolve("docs/operations.md"));

        // When
        List<String> alerts =
                YAML.readTree(FOLDER.resolve("prometheus/rules.yml").toFile()).findValuesAsText("alert");

        // Then
        assertThat(alerts).isNotEmpty().allSatisfy(alert -> assertThat(document).contains("| `" + alert + "` | "));
    }

    /** The compose file; anchors of it are not resolved. */
    private static JsonNode compose() throws IOException {
        return YAML.readTree(ROOT.resolve("docker-compose.yml").toFile());
    }
}

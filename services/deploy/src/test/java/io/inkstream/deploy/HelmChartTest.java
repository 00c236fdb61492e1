package io.inkstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import io.inkstream.corpuslog.topics.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Helm chart as Helm renders it. What only a cluster can show is listed in docs/operations.md. */
class HelmChartTest {

    private static final String MINIMAL = "minimal.yaml";
    private static final String EVERYTHING = "everything.yaml";
    private static final Set<String> COMPONENTS = Set.of("ingest", "trainer", "generator");
    private static final Pattern METRIC = Pattern.compile("inkstream_\\w+");

    @Test
    void lintFindsNothing() {
        LintResult result = Chart.lint();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {MINIMAL, EVERYTHING})
    void everyResourceHasOnlyPropertiesOfItsKind(String values) throws Exception {
        // When
        List<ObjectNode> resources = Chart.render(values, Map.of());

        // Then
        for (ObjectNode resource : resources) {
            StrictResources.check(resource);
        }
        assertThat(resources).extracting(HelmChartTest::identity).doesNotHaveDuplicates();
    }

    @Test
    void aMisspeltPropertyWouldBeFound() {
        // Given
        for (ObjectNode resource : Chart.render(EVERYTHING, Map.of())) {
            // When
            JsonNode pod = resource.at("/spec/template/spec");
            (pod instanceof ObjectNode spec ? spec : resource).put("replica", 1);

            // Then, unless no library has the kind and only its spec is compared
            if (!Set.of("ScaledObject", "PodMonitor")
                    .contains(resource.get("kind").asText())) {
                assertThatThrownBy(() -> StrictResources.check(resource))
                        .as("%s", resource)
                        .isInstanceOf(JsonMappingException.class)
                        .hasMessageContaining("replica");
            }
        }
    }

    @Test
    void byDefaultTheServicesRunAndNothingElse() {
        assertThat(Chart.render(MINIMAL, Map.of()))
                .extracting(HelmChartTest::identity)
                .containsExactlyInAnyOrder(
                        "ServiceAccount books-inkstream",
                        "Deployment books-inkstream-ingest",
                        "Service books-inkstream-trainer",
                        "StatefulSet books-inkstream-trainer",
                        "Deployment books-inkstream-generator",
                        "PodDisruptionBudget books-inkstream-ingest",
                        "PodDisruptionBudget books-inkstream-trainer",
                        "PodDisruptionBudget books-inkstream-generator");
    }

    @ParameterizedTest
    @ValueSource(strings = {MINIMAL, EVERYTHING})
    void everyPodIsConfinedProbedAndGivenTimeToStop(String values) {
        Map<String, JsonNode> pods = pods(Chart.render(values, Map.of()));
        assertThat(pods).containsOnlyKeys(COMPONENTS);
        pods.forEach((component, pod) -> {
            JsonNode container = pod.at("/containers/0");
            assertThat(container.at("/args")).hasToString("[\"%s\"]".formatted(component));
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/terminationGracePeriodSeconds").asInt()).isGreaterThanOrEqualTo(60);
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/securityContext/capabilities/drop")).hasToString("[\"ALL\"]");
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/live");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
            assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
            assertThat(container.at("/resources/requests/cpu").asText()).isNotEmpty();
        });
    }

    @Test
    void everyVariableIsAnOption() throws IOException {
        // Given
        String reference = Files.readString(Path.of("../../docs/configuration.md"));

        // When
        Stream<String> variables = pods(Chart.render(EVERYTHING, Map.of())).values().stream()
                .flatMap(pod -> environment(pod).keySet().stream())
                .filter(name -> name.startsWith("INKSTREAM_"));

        // Then
        assertThat(variables).isNotEmpty().allSatisfy(name -> assertThat(reference)
                .contains("`" + name + "`"));
    }

    @Test
    void trainersKeepTheirPodsNamesAndTheOthersHaveNone() {
        pods(Chart.render(EVERYTHING, Map.of())).forEach((component, pod) -> {
            JsonNode instance = environment(pod).get("INKSTREAM_INSTANCE");
            if (component.equals("trainer")) {
                assertThat(instance.at("/valueFrom/fieldRef/fieldPath").asText())
                        .isEqualTo("metadata.name");
            } else {
                assertThat(instance).isNull();
            }
        });
    }

    @Test
    void credentialsComeFromSecretsOnly() {
        pods(Chart.render(EVERYTHING, Map.of())).forEach((component, pod) -> {
            assertThat(pod.at("/containers/0/envFrom").findValuesAsText("name"))
                    .containsExactly("inkstream-kafka", "inkstream-registry", "ink-%s-kafka".formatted(component));
            assertThat(environment(pod))
                    .containsKey("KAFKA_SECURITY_PROTOCOL")
                    .doesNotContainKey("KAFKA_SASL_JAAS_CONFIG");
        });
    }

    @Test
    void topicsHaveTheSettingsThatTheServicesRequire() {
        // When
        Map<String, ObjectNode> topics = Chart.ofKind(Chart.render(EVERYTHING, Map.of()), "KafkaTopic").stream()
                .collect(Collectors.toMap(topic -> topic.at("/spec/topicName").asText(), Function.identity()));

        // Then
        assertThat(topics)
                .containsOnlyKeys(Arrays.stream(Topic.values())
                        .map(topic -> "team_a.ink." + topic.suffix())
                        .toList());
        for (Topic topic : Topic.values()) {
            ObjectNode resource = topics.get("team_a.ink." + topic.suffix());
            Map<String, String> expected = new HashMap<>(topic.settings());
            expected.put("min.insync.replicas", "2");
            Map<String, String> config = new HashMap<>();
            resource.at("/spec/config")
                    .properties()
                    .forEach(setting ->
                            config.put(setting.getKey(), setting.getValue().asText()));
            assertThat(config).as(topic.suffix()).isEqualTo(expected);
            assertThat(resource.at("/spec/partitions").asInt()).isEqualTo(12);
            assertThat(resource.at("/metadata/labels/strimzi.io~1cluster").asText())
                    .isEqualTo("kafka");
            assertThat(resource.at("/metadata/annotations/helm.sh~1resource-policy")
                            .asText())
                    .isEqualTo("keep");
        }
    }

    @Test
    void usersMayDoWhatTheListOfPermissionsSaysAndNothingElse() throws IOException {
        // Given
        Path list = Path.of("../corpus-log/src/main/resources/io/inkstream/corpuslog/topics/permissions.txt");
        assertThat(Chart.FOLDER.resolve("files/permissions.txt")).hasSameTextualContentAs(list);

        // When
        Map<String, Set<String>> granted =
                Chart.ofKind(Chart.render(EVERYTHING, Map.of("strimzi.topics.enabled", false)), "KafkaUser").stream()
                        .collect(Collectors.toMap(
                                user -> user.at("/metadata/name").asText(), HelmChartTest::permissions));

        // Then
        assertThat(granted).containsOnlyKeys("ink-ingest", "ink-trainer", "ink-generator");
        for (String component : COMPONENTS) {
            assertThat(granted.get("ink-" + component))
                    .isEqualTo(Files.readAllLines(list).stream()
                            .filter(line -> line.startsWith(component + " |"))
                            .map(line -> line.split(" *\\| *", -1))
                            .flatMap(fields -> Stream.of(fields[3].split(", *", -1))
                                    .map(name -> "%s %s %s"
                                            .formatted(
                                                    fields[2],
                                                    name.replaceFirst("^PREFIX", "team_a.ink"),
                                                    fields[1].replace(" ", ""))))
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void podsReadThePasswordOfTheirUserWhereTheyCan() {
        pods(Chart.render(EVERYTHING, Map.of("strimzi.namespace", Chart.NAMESPACE)))
                .forEach((component, pod) -> {
                    JsonNode secret =
                            environment(pod).get("KAFKA_SASL_JAAS_CONFIG").at("/valueFrom/secretKeyRef");
                    assertThat(secret.get("name").asText()).isEqualTo("ink-" + component);
                    assertThat(secret.get("key").asText()).isEqualTo("sasl.jaas.config");
                });
    }

    @Test
    void usersDoNotCreateTopicsThatTheOperatorCreates() {
        assertThat(Chart.ofKind(Chart.render(EVERYTHING, Map.of()), "KafkaUser"))
                .hasSize(3)
                .allSatisfy(user -> assertThat(permissions(user))
                        .noneMatch(permission ->
                                permission.startsWith("topic team_a.ink.") && permission.endsWith(" Create")));
    }

    @Test
    void scalersAskForTheBacklogOfTheirOwnNamespaceAndNeverEndTheLastInstance() throws IOException {
        // Given the dashboard, whose expressions are evaluated on a running pipeline
        String dashboard = Files.readString(Path.of("observability/grafana/dashboards/inkstream.json"));

        // When
        List<ObjectNode> resources = Chart.render(EVERYTHING, Map.of());
        List<ObjectNode> scalers = Chart.ofKind(resources, "ScaledObject");

        // Then
        assertThat(scalers).hasSize(COMPONENTS.size()).allSatisfy(scaler -> {
            String query = scaler.at("/spec/triggers/0/metadata/query").asText();
            assertThat(METRIC.matcher(query).results().map(MatchResult::group))
                    .isNotEmpty()
                    .allSatisfy(metric -> assertThat(metric).contains("backlog"))
                    .allSatisfy(metric -> assertThat(dashboard).contains(metric));
            assertThat(query).contains("{namespace=\"reading\"}");
            assertThat(scaler.at("/spec/minReplicaCount").asInt()).isPositive();
        });
        assertThat(scalers)
                .extracting(scaler -> scaler.at("/spec/scaleTargetRef/kind").asText() + " "
                        + scaler.at("/spec/scaleTargetRef/name").asText())
                .allSatisfy(target -> assertThat(resources)
                        .extracting(HelmChartTest::identity)
                        .contains(target));
        assertThat(resources)
                .filteredOn(resource -> !resource.at("/spec/template").isMissingNode())
                .allSatisfy(resource -> assertThat(resource.at("/spec/replicas").isMissingNode())
                        .isTrue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka.bootstrapServers | kafka | /kafka/bootstrapServers",
                "kafka.bootstrapServers | '' | Set kafka.bootstrapServers to the brokers",
                "schemaRegistry.url | registry:8081 | /schemaRegistry/url",
                "schemaRegistry.url | '' | Set schemaRegistry.url",
                "trainer.replicas | many | /trainer/replicas",
                "trainer.replica | 2 | replica",
                "trainer.env.KAFKA_ACKS | all | KAFKA_ACKS",
                "kafka.env.BOOTSTRAP | kafka:9092 | BOOTSTRAP",
                "topics.partitions | 0 | /topics/partitions",
                "autoscaling.enabled | true | /autoscaling/prometheusUrl",
                "autoscaling.generator.minReplicas | 0 | /autoscaling/generator/minReplicas",
                "strimzi.topics.enabled | true | /strimzi/cluster",
                "strimzi.users.authentication | plain | /strimzi/users/authentication",
                "image.pullPolicy | Sometimes | /image/pullPolicy"
            })
    void aValueThatIsNotPossibleIsNamed(String name, String value, String named) {
        assertThatThrownBy(() -> Chart.render(MINIMAL, Map.of(name, value)))
                .isInstanceOf(IllegalStateException.class)
                .satisfies(e -> assertThat(e.getMessage().replace('.', '/')).contains(named.replace('.', '/')));
    }

    private static String identity(ObjectNode resource) {
        return resource.get("kind").asText() + " "
                + resource.at("/metadata/name").asText();
    }

    /** The pods of Deployments and StatefulSets, by their component. */
    private static Map<String, JsonNode> pods(List<ObjectNode> resources) {
        return resources.stream()
                .map(resource -> resource.at("/spec/template"))
                .filter(template -> !template.isMissingNode())
                .collect(Collectors.toMap(
                        template -> template.at(JsonPointer.compile("/metadata/labels/app.kubernetes.io~1component"))
                                .asText(),
                        template -> template.get("spec")));
    }

    private static Map<String, JsonNode> environment(JsonNode pod) {
        return StreamSupport.stream(pod.at("/containers/0/env").spliterator(), false)
                .collect(Collectors.toMap(variable -> variable.get("name").asText(), Function.identity()));
    }

    /** For instance {@code topic ink.text Read,Write}, with a star behind a prefix. */
    private static Set<String> permissions(ObjectNode user) {
        ArrayNode acls = (ArrayNode) user.at("/spec/authorization/acls");
        return StreamSupport.stream(acls.spliterator(), false)
                .map(acl -> "%s %s%s %s"
                        .formatted(
                                acl.at("/resource/type").asText().replace("transactionalId", "transactional-id"),
                                acl.at("/resource/name").asText(),
                                acl.at("/resource/patternType").asText().equals("prefix") ? "*" : "",
                                StreamSupport.stream(acl.get("operations").spliterator(), false)
                                        .map(JsonNode::asText)
                                        .collect(Collectors.joining(","))))
                .collect(Collectors.toSet());
    }
}

package io.inkstream.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.systemtests.processes.Outcome;
import io.inkstream.systemtests.security.RecordingAuthorizer.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of permissions is enough, and nothing of it is too much. */
@Tag("full")
class PermissionsTest {

    private static final SecuredCluster CLUSTER = SecuredFixture.get();
    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static final List<String> SERVICES = List.of("ingest", "trainer", "generator");

    /** Confluent's registry needs these, and ours does not use groups. */
    private static final Set<String> OF_CONFLUENTS_REGISTRY = Set.of("__consumer_offsets", "schema-registry");

    @TempDir
    Path folder;

    private TopicNames topics;
    private SecuredPipeline pipeline;
    private List<AclBinding> grants;

    @BeforeEach
    void open() {
        topics = new TopicNames("permissions-" + PREFIXES.incrementAndGet());
        pipeline = new SecuredPipeline(CLUSTER, topics);
        grants = Grants.of(topics.prefix());
        CLUSTER.permit(grants);
    }

    @AfterEach
    void close() {
        pipeline.close();
        CLUSTER.deny(grants.stream()
                .filter(grant -> !grant.entry().principal().equals("User:schema-registry"))
                .toList());
    }

    @Test
    void thePipelineNeedsWhatIsListedAndNothingElse() throws IOException {
        // Given
        SERVICES.forEach(pipeline::start);
        pipeline.awaitReady();

        // When
        new Story(CLUSTER, pipeline, topics, folder).play();

        // Then each permission was needed: a request was made that no other entry permits. A topic is created by the
        // service
        // that starts first, and the settings of _schemas are looked at by a registry that starts again.
        Set<Question> asked = RecordingAuthorizer.asked();
        assertThat(grants.stream()
                        .filter(grant ->
                                !OF_CONFLUENTS_REGISTRY.contains(grant.pattern().name()))
                        .filter(grant -> grant.entry().operation() != AclOperation.CREATE)
                        .filter(grant -> !(grant.pattern().name().equals("_schemas")
                                && grant.entry().operation() == AclOperation.DESCRIBE_CONFIGS))
                        .filter(grant -> asked.stream()
                                .noneMatch(question ->
                                        question.required() && question.allowed() && answers(grant, question))))
                .isEmpty();
    }

    @Test
    void whatIsListedInTheDocumentsIsWhatIsGranted() throws IOException {
        // Given
        String operations = Files.readString(Credentials.ROOT.resolve("docs/operations.md"));

        // When
        List<String> rows = new ArrayList<>();
        Permissions.lines()
                .forEach(columns -> rows.add("| %s | %s | %s | `%s` | %s |"
                        .formatted(
                                columns[0],
                                columns[1],
                                columns[2].replace('-', ' '),
                                columns[3].replace(", ", "`, `"),
                                columns[4])));

        // Then
        assertThat(operations).contains(rows);
        assertThat(operations
                        .lines()
                        .filter(line ->
                                line.matches("\\| (ingest|trainer|generator|user|operator|schema-registry) \\|.*")))
                .containsExactlyElementsOf(rows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "trainer", "generator"})
    void aServiceDoesNotStartWithoutAnyOneOfItsPermissions(String service) {
        // Given: the topics exist
        SERVICES.forEach(pipeline::start);
        pipeline.awaitReady();
        pipeline.close();

        for (AclBinding grant : required(service)) {
            // When
            CLUSTER.deny(List.of(grant));

            // Then
            assertThatThrownBy(() -> pipeline.start(service))
                    .as("without %s", grant)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageContaining("denies user '%s' ", service)
                    .hasMessageContaining(name(grant.entry().operation()))
                    .hasMessageContaining(
                            "%s %s",
                            grant.pattern()
                                    .resourceType()
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', ' '),
                            grant.pattern().name());
            pipeline.stop(service);
            CLUSTER.permit(List.of(grant));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "trainer", "generator"})
    void aServiceThatMayNotCreateAMissingTopicSaysSo(String service) {
        // Given
        CLUSTER.deny(grants.stream()
                .filter(grant -> grant.entry().operation() == AclOperation.CREATE)
                .toList());

        // When, Then
        assertThatThrownBy(() -> pipeline.start(service))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("denies user '%s' Create on topic %s.", service, topics.prefix());
    }

    /** Permissions that are taken away while a service runs. */
    @ParameterizedTest
    @CsvSource({
        "ingest, Read, topic, .text",
        "ingest, Write, topic, .tokens",
        "ingest, Read, group, -ingest",
        "ingest, Write, transactional id, -ingest-",
        "trainer, Read, topic, .tokens",
        "trainer, Write, topic, .checkpoints",
        "trainer, Write, topic, .progress",
        "trainer, Read, group, -trainer",
        "trainer, Write, transactional id, -trainer-",
        "generator, Read, topic, .models",
        "generator, Read, topic, .prefixes",
        "generator, Write, topic, .completions.text",
        "generator, Read, topic, .checkpoints",
        "generator, Read, group, -generator"
    })
    void aServiceThatLosesAPermissionEndsAndSaysWhich(String service, String operation, String resource, String name)
            throws IOException {
        // Given
        SERVICES.forEach(pipeline::start);
        pipeline.awaitReady();
        CLUSTER.deny(grants.stream()
                .filter(grant -> grant.entry().principal().equals("User:" + service))
                .filter(grant -> grant.pattern().name().equals(topics.prefix() + name))
                .filter(grant -> name(grant.entry().operation()).equals(operation))
                .toList());

        // When it has something to do
        Path text = Files.writeString(folder.resolve("text.txt"), "the old press sighed\n".repeat(200));
        Outcome produced = pipeline.command("user", "produce", "--corpus", "story", text.toString());
        Outcome training = pipeline.command(
                "user", "train", "--corpus", "story", "--hidden", "8", "--max-tokens", "2000", "--epochs", "2");
        if (service.equals("generator")) {
            new Story(CLUSTER, pipeline, topics, folder)
                    .askUntil(() -> !pipeline.health("generator").live());
        }

        // Then
        assertThat(List.of(produced, training))
                .allSatisfy(outcome ->
                        assertThat(outcome.exitCode()).as(outcome.err()).isZero());
        assertThat(pipeline.awaitBroken(service))
                .startsWith("Kafka at %s denies user '%s' ".formatted(CLUSTER.address(), service))
                .contains(operation)
                .contains("%s %s%s".formatted(resource, topics.prefix(), name));
    }

    /** Those without which a service does not start on topics that exist. */
    private List<AclBinding> required(String service) {
        return grants.stream()
                .filter(grant -> grant.entry().principal().equals("User:" + service))
                .filter(grant -> grant.entry().operation() != AclOperation.CREATE)
                .filter(grant -> Stream.of(".replies", "-ingest-states-changelog")
                        .noneMatch(optional -> !service.equals("ingest")
                                && grant.pattern().name().equals(topics.prefix() + optional)))
                .toList();
    }

    private static boolean answers(AclBinding grant, Question question) {
        boolean covers = grant.pattern().patternType() == PatternType.PREFIXED
                ? question.name().startsWith(grant.pattern().name())
                : question.name().equals(grant.pattern().name());
        return covers
                && question.resource() == grant.pattern().resourceType()
                && question.operation() == grant.entry().operation()
                && grant.entry().principal().equals("User:" + question.user());
    }

    private static String name(AclOperation operation) {
        return switch (operation) {
            case DESCRIBE_CONFIGS -> "DescribeConfigs";
            default ->
                operation.name().charAt(0) + operation.name().substring(1).toLowerCase(Locale.ROOT);
        };
    }
}

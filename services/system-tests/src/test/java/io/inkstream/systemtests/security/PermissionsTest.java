package io.inkstream.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.systemtests.security.RecordingAuthorizer.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The list of permissions is enough, and nothing of it is too much. */
@Tag("full")
class PermissionsTest {

    private static final SecuredCluster CLUSTER = SecuredFixture.get();

    /** Confluent's registry needs these, and ours does not use groups. */
    private static final Set<String> OF_CONFLUENTS_REGISTRY = Set.of("__consumer_offsets", "schema-registry");

    @TempDir
    Path folder;

    private PermittedPipeline permitted;
    private TopicNames topics;
    private SecuredPipeline pipeline;
    private List<AclBinding> grants;

    @BeforeEach
    void open() {
        permitted = new PermittedPipeline(CLUSTER);
        topics = permitted.topics();
        pipeline = permitted.services();
        grants = permitted.grants();
    }

    @AfterEach
    void close() {
        permitted.close();
    }

    @Test
    void thePipelineNeedsWhatIsListedAndNothingElse() throws IOException {
        // Given
        pipeline.startAll();

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
        pipeline.startAll();
        pipeline.close();

        for (AclBinding grant : required(service)) {
            // When
            CLUSTER.deny(List.of(grant));

            // Then
            assertThatThrownBy(() -> pipeline.start(service))
                    .as("without %s", grant)
                    .isInstanceOf(InkstreamException.class)
                    .hasMessageContaining("denies user '%s' ", service)
                    .hasMessageContaining(PermittedPipeline.name(grant.entry().operation()))
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
        permitted.deny(grant -> grant.entry().operation() == AclOperation.CREATE);

        // When, Then
        assertThatThrownBy(() -> pipeline.start(service))
                .isInstanceOf(InkstreamException.class)
                .hasMessageContaining("denies user '%s' Create on topic %s.", service, topics.prefix());
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
}

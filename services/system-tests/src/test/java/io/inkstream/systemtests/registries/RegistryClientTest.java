package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import io.confluent.kafka.schemaregistry.client.rest.entities.SubjectVersion;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.inkstream.testsupport.BrokerFixture;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Confluent's registry client talks to the embedded registry. */
class RegistryClientTest {

    private static final AvroSchema ONE = record("{'name':'a','type':'int'}");
    private static final AvroSchema WITH_DEFAULT =
            record("{'name':'a','type':'int'},{'name':'b','type':'int','default':1}");
    private static final AvroSchema WITHOUT_DEFAULT = record("{'name':'a','type':'int'},{'name':'b','type':'int'}");

    private CountingRestService requests;
    private CachedSchemaRegistryClient client;
    private String subject;

    @BeforeEach
    void connect(TestInfo test) {
        requests = new CountingRestService(BrokerFixture.get().connection().schemaRegistryUrl());
        client = new CachedSchemaRegistryClient(requests, 100);
        subject = "client-" + test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
    }

    @Test
    void findsWhatItHasRegisteredByIdVersionAndText() throws Exception {
        // When
        int first = client.register(subject, ONE);
        int second = client.register(subject, WITH_DEFAULT);

        // Then, asked by a client that has nothing in its cache
        client.reset();
        assertThat(client.getSchemaById(first)).isEqualTo(ONE);
        assertThat(client.getSchemaBySubjectAndId(subject, second)).isEqualTo(WITH_DEFAULT);
        assertThat(client.getId(subject, ONE)).isEqualTo(first);
        assertThat(client.getVersion(subject, WITH_DEFAULT)).isEqualTo(2);
        assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
        assertThat(client.getByVersion(subject, 1, false).getSchema()).isEqualTo(ONE.canonicalString());
        SchemaMetadata latest = client.getLatestSchemaMetadata(subject);
        assertThat(latest.getId()).isEqualTo(second);
        assertThat(latest.getVersion()).isEqualTo(2);
        assertThat(latest.getSchema()).isEqualTo(WITH_DEFAULT.canonicalString());
        assertThat(client.getSchemaMetadata(subject, 1).getId()).isEqualTo(first);
        assertThat(client.getAllSubjectsById(second)).containsExactly(subject);
        assertThat(client.getAllVersionsById(second)).containsExactly(new SubjectVersion(subject, 2));
        assertThat(client.getSchemas(subject, false, false))
                .extracting(ParsedSchema::canonicalString)
                .containsExactly(ONE.canonicalString(), WITH_DEFAULT.canonicalString());
        assertThat(client.getSchemas(subject, false, true)).hasSize(1);
        assertThat(requests.getSchemaTypes()).containsExactly("AVRO");
    }

    @Test
    void asksOnce() throws Exception {
        // Given
        int id = client.register(subject, ONE);
        assertThat(requests.requests()).hasSize(1);

        // When
        client.register(subject, ONE);
        client.getSchemaById(id);
        client.getId(subject, ONE);
        client.getId(subject, ONE);
        client.getVersion(subject, ONE);
        client.getVersion(subject, ONE);

        // Then: the id of the schema and its version are asked for at most once
        assertThat(requests.requests()).hasSizeLessThanOrEqualTo(4).doesNotHaveDuplicates();

        // When another client registers the same
        try (CachedSchemaRegistryClient other = new CachedSchemaRegistryClient(
                List.of(BrokerFixture.get().connection().schemaRegistryUrl()), 10, Map.of())) {
            // Then
            assertThat(other.register(subject, ONE)).isEqualTo(id);
        }
    }

    @Test
    void listsSubjects() throws Exception {
        // Given
        // Only ASCII: Confluent's client encodes a subject in the JVM's default charset.
        String odd = subject + "/a b+c%?";
        client.register(subject, ONE);
        client.register(odd, ONE);

        // Then
        assertThat(client.getAllSubjects()).contains(subject, odd);
        assertThat(client.getAllSubjectsByPrefix(subject + "/")).containsExactly(odd);
        assertThat(client.getAllVersions(odd)).containsExactly(1);
        assertThat(client.getAllSubjectsById(client.getId(odd, ONE))).contains(subject, odd);
    }

    @Test
    void reportsIncompatibleSchemas() throws Exception {
        // Given
        client.register(subject, ONE);

        // Then
        assertThat(client.testCompatibility(subject, WITH_DEFAULT)).isTrue();
        assertThat(client.testCompatibilityVerbose(subject, WITH_DEFAULT)).isEmpty();
        assertThat(client.testCompatibility(subject, WITHOUT_DEFAULT)).isFalse();
        assertThat(client.testCompatibilityVerbose(subject, WITHOUT_DEFAULT))
                .anyMatch(message -> message.contains("READER_FIELD_MISSING_DEFAULT_VALUE"));
        assertRejected(
                () -> client.register(subject, WITHOUT_DEFAULT),
                409,
                409,
                "Schema being registered is incompatible with an earlier schema for subject \"" + subject + "\"");
        assertThat(client.testCompatibility(subject + "-new", WITHOUT_DEFAULT)).isTrue();

        // When
        client.updateCompatibility(subject, "NONE");

        // Then
        assertThat(client.testCompatibility(subject, WITHOUT_DEFAULT)).isTrue();
        client.register(subject, WITHOUT_DEFAULT);
        assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
    }

    @Test
    void reportsWhatIsMissingOrInvalid() throws Exception {
        // Given
        client.register(subject, ONE);

        // Then
        assertRejected(() -> client.getSchemaById(99_999), 404, 40403, "not found");
        assertRejected(() -> client.getId(subject, WITH_DEFAULT), 404, 40403, "Schema not found");
        assertRejected(
                () -> client.getId(subject + "-none", ONE), 404, 40401, "Subject '" + subject + "-none' not found.");
        assertRejected(() -> client.getLatestSchemaMetadata(subject + "-none"), 404, 40401, "not found");
        assertRejected(() -> client.getSchemaMetadata(subject, 7), 404, 40402, "Version 7 not found.");
        assertRejected(() -> client.getAllVersions(subject + "-none"), 404, 40401, "not found");
        assertRejected(() -> requests.registerSchema("{\"type\":\"nothing\"}", subject), 422, 42201, "Avro");
        assertRejected(() -> requests.getVersion(subject, 0), 422, 42202, "version");
        assertRejected(() -> client.updateCompatibility(subject, "SIDEWAYS"), 422, 42203, "compatibility level");
        assertRejected(() -> client.setMode("SIDEWAYS", subject), 422, 42204, "mode");
        assertRejected(() -> client.register(" ", ONE), 422, 42208, "subject");
    }

    @Test
    void setsCompatibilityLevels() throws Exception {
        assertThat(client.getCompatibility(null)).isEqualTo("BACKWARD");
        assertRejected(() -> client.getCompatibility(subject), 404, 40408, subject);

        // When
        assertThat(client.updateCompatibility(subject, "FULL")).isEqualTo("FULL");
        Config updated = client.updateConfig(subject, new Config("FORWARD_TRANSITIVE"));

        // Then
        assertThat(updated.getCompatibilityLevel()).isEqualTo("FORWARD_TRANSITIVE");
        assertThat(client.getConfig(subject).getCompatibilityLevel()).isEqualTo("FORWARD_TRANSITIVE");

        // When
        client.deleteConfig(subject);

        // Then
        assertRejected(() -> client.getCompatibility(subject), 404, 40408, subject);
        try {
            client.updateCompatibility(null, "FULL_TRANSITIVE");
            assertThat(client.getCompatibility(null)).isEqualTo("FULL_TRANSITIVE");
            assertThat(requests.getConfig(Map.of(), subject, true).getCompatibilityLevel())
                    .isEqualTo("FULL_TRANSITIVE");
        } finally {
            client.updateCompatibility(null, "BACKWARD");
        }
    }

    @Test
    void deletesInTwoSteps() throws Exception {
        // Given
        int id = client.register(subject, ONE);
        client.register(subject, WITH_DEFAULT);
        assertRejected(() -> client.deleteSubject(subject, true), 404, 40405, subject);
        assertRejected(() -> client.deleteSchemaVersion(subject, "1", true), 404, 40407, "1");

        // When
        assertThat(client.deleteSchemaVersion(subject, "1")).isEqualTo(1);

        // Then
        client.reset();
        assertThat(client.getAllVersions(subject)).containsExactly(2);
        assertThat(client.getAllVersions(subject, true)).containsExactly(1, 2);
        assertThat(client.getSchemaById(id)).isEqualTo(ONE);
        assertRejected(() -> client.deleteSchemaVersion(subject, "1"), 404, 40406, "1");
        assertThat(client.getByVersion(subject, 1, true).getSchema()).isEqualTo(ONE.canonicalString());

        // When
        assertThat(client.deleteSubject(subject)).containsExactly(2);

        // Then
        assertThat(client.getAllSubjects()).doesNotContain(subject);
        assertThat(client.getAllSubjects(true)).contains(subject);
        assertRejected(() -> client.deleteSubject(subject), 404, 40404, subject);
        assertThat(client.deleteSubject(subject, true)).containsExactly(1, 2);
        assertThat(client.getAllSubjects(true)).doesNotContain(subject);
    }

    @Test
    void normalizesWhereAsked() throws Exception {
        // Given two texts of the same schema
        AvroSchema oneOrder =
                record("{'name':'a','type':{'type':'int','unit':'words','of':'text'},'aliases':['c','b']}");
        AvroSchema another =
                record("{'aliases':['b','c'],'type':{'of':'text','unit':'words','type':'int'},'name':'a'}");

        // When
        int id = client.register(subject, oneOrder, true);

        // Then
        assertThat(client.register(subject, another, true)).isEqualTo(id);
        assertThat(client.getId(subject, another, true)).isEqualTo(id);
        assertThat(client.getVersion(subject, oneOrder, true)).isEqualTo(1);
        assertThat(client.getAllVersions(subject)).containsExactly(1);

        // And what is found means the same
        client.reset();
        assertThat(client.getSchemaById(id).normalize().canonicalString())
                .isEqualTo(oneOrder.normalize().canonicalString());

        // When it is not asked to
        client.register(subject, oneOrder);

        // Then
        assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
    }

    @Test
    void aReadOnlyRegistryChangesNothing() throws Exception {
        // Given
        int id = client.register(subject, ONE);
        assertThat(client.getMode()).isEqualTo("READWRITE");
        assertThat(client.setMode("READONLY", subject)).isEqualTo("READONLY");

        // When, Then
        client.reset();
        assertRejected(() -> client.register(subject, WITH_DEFAULT), 422, 42205, "read-only mode");
        assertRejected(() -> client.deleteSubject(subject), 422, 42205, "read-only mode");
        assertRejected(() -> client.deleteSchemaVersion(subject, "1"), 422, 42205, "read-only mode");
        assertRejected(() -> client.updateCompatibility(subject, "NONE"), 422, 42205, "read-only mode");
        assertThat(client.register(subject, ONE)).isEqualTo(id);
        assertThat(client.getId(subject, ONE)).isEqualTo(id);
        assertThat(client.getMode(subject)).isEqualTo("READONLY");

        // When
        client.deleteMode(subject);

        // Then
        client.register(subject, WITH_DEFAULT);
        assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
        try {
            client.setMode("READONLY");
            assertRejected(() -> client.register(subject + "-new", ONE), 422, 42205, "read-only mode");
        } finally {
            client.setMode("READWRITE");
        }
    }

    @Test
    void rejectsReferences() {
        // Given
        AvroSchema referring = new AvroSchema(
                "{\"type\":\"record\",\"name\":\"B\",\"fields\":[{\"name\":\"a\",\"type\":\"R\"}]}",
                List.of(new SchemaReference("R", subject, 1)),
                Map.of("R", ONE.canonicalString()),
                null);

        // When, Then
        assertRejected(() -> client.register(subject, referring), 422, 42201, "references are not supported");
    }

    private static void assertRejected(ThrowingCallable request, int status, int code, String message) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(RestClientException.class, e -> {
                    assertThat(e.getErrorCode()).isEqualTo(code);
                    assertThat(e.getStatus()).isEqualTo(status);
                })
                .hasMessageContaining(message);
    }

    private static AvroSchema record(String fields) {
        return new AvroSchema(
                "{'type':'record','name':'R','fields':[%s]}".formatted(fields).replace('\'', '"'));
    }
}

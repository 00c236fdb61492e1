package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.testsupport.BrokerFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that does not take the schema of the token blocks: ingest ends and says why, and continues once that is corrected. */
@Tag("full")
class RejectedSchemaTest {

    private static final String OTHER_TOKEN_BLOCK =
            "{\"type\":\"record\",\"name\":\"TokenBlock\",\"namespace\":\"io.inkstream.schemas\",\"fields\":[{\"name\":\"tokens\",\"type\":\"string\"}]}";

    private final Connection shared = BrokerFixture.get().connection();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"io.inkstream.platform.registry.AvroSerde", "io.inkstream.systemtests.registries.ConfluentSerde"
            })
    void endsIngestWithTheRegistrysSentence(String serdeClass) throws Exception {
        String prefix = "rejected-" + serdeClass.replaceAll(".*\\.", "");
        String subject = prefix + ".tokens-value";
        Connection connection =
                new Connection(shared.bootstrapServers(), shared.schemaRegistryUrl(), serdeClass, Map.of());
        try (CachedSchemaRegistryClient other = new CachedSchemaRegistryClient(shared.schemaRegistryUrl(), 10)) {
            // Given a schema of others under the subject
            other.register(subject, new AvroSchema(OTHER_TOKEN_BLOCK));

            // When, Then
            assertThat(failureOfIngest(connection, prefix))
                    .contains("incompatible with an earlier schema for subject \"%s\"".formatted(subject));

            // Given a subject that takes no schemas
            other.deleteSubject(subject);
            other.setMode("READONLY", subject);

            // When, Then
            assertThat(failureOfIngest(connection, prefix))
                    .contains("Subject %s is in read-only mode".formatted(subject));

            // When it takes them
            other.setMode("READWRITE", subject);

            // Then the text that waited is trained on, and none was rejected
            try (PipelineRun pipeline = new PipelineRun(connection, prefix)) {
                pipeline.turnsTextIntoVerifiedCompletions(folder);
            }
        }
    }

    private String failureOfIngest(Connection connection, String prefix) {
        try (PipelineRun pipeline = new PipelineRun(connection, prefix)) {
            pipeline.produce(folder);
            Health[] ingest = new Health[1];
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                ingest[0] = pipeline.services().services().get(0).health();
                return !ingest[0].live();
            });
            return ingest[0].detail();
        }
    }
}

package io.inkstream.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.systemtests.processes.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions that are taken away while a service runs. */
@Tag("full")
class LostPermissionsTest {

    private static final SecuredCluster CLUSTER = SecuredFixture.get();

    @TempDir
    Path folder;

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
        try (PermittedPipeline permitted = new PermittedPipeline(CLUSTER)) {
            // Given
            SecuredPipeline pipeline = permitted.services();
            String resourceName = permitted.topics().prefix() + name;
            pipeline.startAll();
            permitted.deny(grant -> grant.entry().principal().equals("User:" + service)
                    && grant.pattern().name().equals(resourceName)
                    && PermittedPipeline.name(grant.entry().operation()).equals(operation));

            // When it has something to do
            Path text = Files.writeString(folder.resolve("text.txt"), "the old press sighed\n".repeat(200));
            Outcome produced = pipeline.command("user", "produce", "--corpus", "story", text.toString());
            Outcome training = pipeline.command(
                    "user", "train", "--corpus", "story", "--hidden", "8", "--max-tokens", "2000", "--epochs", "2");
            if (service.equals("generator")) {
                new Story(CLUSTER, pipeline, permitted.topics(), folder)
                        .askUntil(() -> !pipeline.health("generator").live());
            }

            // Then
            assertThat(List.of(produced, training))
                    .allSatisfy(outcome ->
                            assertThat(outcome.exitCode()).as(outcome.err()).isZero());
            assertThat(pipeline.awaitBroken(service))
                    .startsWith("Kafka at %s denies user '%s' ".formatted(CLUSTER.address(), service))
                    .contains(operation)
                    .contains("%s %s".formatted(resource, resourceName));
        }
    }
}

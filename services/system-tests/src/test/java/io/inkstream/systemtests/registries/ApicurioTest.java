package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.platform.config.Connection;
import io.inkstream.platform.lifecycle.Health;
import io.inkstream.platform.lifecycle.Service;
import io.inkstream.platform.registry.AvroSerde;
import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.platform.registry.TrustedSchemas;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.testsupport.BrokerFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apicurio Registry instead of the embedded one: its interface for Confluent's clients lies under a path, behind a password. */
@Tag("external")
class ApicurioTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @TempDir
    private static Path data;

    private static ApicurioServer registry;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        TrustedSchemas.trust();
        registry = ApicurioServer.start(data);
    }

    @AfterAll
    static void end() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void bothSerdesWriteTheSameBytes() {
        try (Serde<CheckpointManifest> ours = RecordSerdes.serde(
                        connection(AvroSerde.class, ApicurioServer.USER_INFO), CheckpointManifest.class);
                Serde<CheckpointManifest> confluents = RecordSerdes.serde(
                        connection(ConfluentSerde.class, ApicurioServer.USER_INFO), CheckpointManifest.class)) {
            for (CheckpointManifest manifest : RandomRecords.of(CheckpointManifest.class, 10, 7)) {
                // When
                byte[] written = ours.serializer().serialize("apicurio-bytes", manifest);

                // Then
                assertThat(confluents.serializer().serialize("apicurio-bytes", manifest))
                        .isEqualTo(written);
                assertThat(confluents.deserializer().deserialize("apicurio-bytes", written))
                        .isEqualTo(manifest);
                assertThat(ours.deserializer().deserialize("apicurio-bytes", written))
                        .isEqualTo(manifest);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {AvroSerde.class, ConfluentSerde.class})
    void servesTheWholePipelineOverARestart(Class<?> serdeClass) {
        String prefix = "apicurio-" + serdeClass.getSimpleName();
        Connection connection = connection(serdeClass, ApicurioServer.USER_INFO);

        // Given a model
        try (PipelineRun pipeline = new PipelineRun(connection, prefix)) {
            pipeline.turnsTextIntoVerifiedCompletions(folder);
        }

        // When the services restart, with more text, while the registry is down
        registry.close();
        try (PipelineRun pipeline = new PipelineRun(connection, prefix)) {
            pipeline.produce(folder);

            // Then
            awaitHealth(
                    pipeline,
                    health -> health.live()
                            && !health.ready()
                            && health.detail()
                                    .matches("The registry at %s has been unavailable for \\d+ s; retrying"
                                            .formatted(registry.url())));

            // When
            registry.start();

            // Then
            awaitHealth(pipeline, Health::ready);
            pipeline.assertCompletes();
            pipeline.assertNoDeadLetters();
        }
    }

    @Test
    void aWrongPasswordEndsEveryServiceThatNeedsASchema() {
        // Given
        Connection connection = connection(AvroSerde.class, "inkstream:another");
        try (PipelineRun pipeline = new PipelineRun(connection, "apicurio-password")) {
            // When
            pipeline.produce(folder);

            // Then
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(
                            pipeline.services().services())
                    .extracting(Service::health)
                    .anySatisfy(health -> {
                        assertThat(health.live()).isFalse();
                        assertThat(health.detail())
                                .startsWith("The schema registry rejected POST " + registry.url() + "/subjects/")
                                .contains("401")
                                .endsWith(
                                        "Check the credentials (basic.auth.credentials.source, basic.auth.user.info).");
                    }));
        }
        assertThat(Files.exists(data.resolve("registry.mv.db"))).isTrue();
    }

    private static void awaitHealth(PipelineRun pipeline, Predicate<Health> expected) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(pipeline.services().services())
                        .extracting(Service::health)
                        .allMatch(expected));
    }

    private static Connection connection(Class<?> serdeClass, String userInfo) {
        return new Connection(
                BrokerFixture.get().connection().bootstrapServers(),
                registry.url(),
                serdeClass.getName(),
                Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", userInfo));
    }
}

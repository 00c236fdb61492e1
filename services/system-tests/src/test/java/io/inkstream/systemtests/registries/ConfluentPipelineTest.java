package io.inkstream.systemtests.registries;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.platform.config.Connection;
import io.inkstream.testsupport.BrokerFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --serde-class} names Confluent's serde, for the services and for every command. */
class ConfluentPipelineTest {

    @TempDir
    private Path folder;

    @Test
    void turnsTextIntoVerifiedCompletionsWithConfluentsSerde() {
        // Given
        Connection own = BrokerFixture.get().connection();
        Connection connection = new Connection(
                own.bootstrapServers(), own.schemaRegistryUrl(), ConfluentSerde.class.getName(), Map.of());
        int before = ConfluentSerde.instances();

        try (PipelineRun pipeline = new PipelineRun(connection, "ConfluentPipelineTest")) {
            // When, Then
            pipeline.turnsTextIntoVerifiedCompletions(folder);
            assertThat(ConfluentSerde.instances()).isGreaterThan(before);
        }
    }
}

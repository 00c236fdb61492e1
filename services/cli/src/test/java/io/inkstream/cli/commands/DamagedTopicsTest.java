package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.cli.Invocation;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.testsupport.DamagedValue;
import io.inkstream.testsupport.RestartableRegistryFixture;
import io.inkstream.testsupport.TestTopics;
import io.inkstream.testsupport.TokenBlocks;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands on topics to which others have written too. */
@Timeout(120)
class DamagedTopicsTest {

    private static RestartableRegistryFixture cluster;

    private TestTopics topics;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = new RestartableRegistryFixture(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void end() {
        topics.close();
    }

    @Test
    void listTheCorporaDespiteUnreadableRecords() {
        // Given
        topics = new TestTopics(cluster.connection(), "damaged");
        byte[] spec = topics.encoded(
                Topic.CORPORA, TokenBlocks.spec(TokenBlocks.training(7).build()));
        topics.send(Topic.CORPORA, "line", spec);
        TokenBlocks line = new TokenBlocks(topics, "line").append(1_000);
        for (DamagedValue damage : DamagedValue.values()) {
            topics.send(Topic.CORPORA, "line", damage.of(spec));
            topics.send(
                    Topic.TOKENS,
                    "line",
                    damage.of(topics.encoded(Topic.TOKENS, line.next(10).build())));
        }
        topics.send(Topic.MODELS, "line", DamagedValue.TRUNCATED.of(spec));
        topics.send(Topic.TOKENS, "line", spec);

        // When
        Invocation corpora = run("corpora");

        // Then
        assertThat(corpora.err()).isEmpty();
        assertThat(corpora.out()).containsPattern("line +1,000 +7 +not begun");
        assertThat(run("corpora", "--json").out()).contains("\"epochs\" : 7");
    }

    @Test
    void suggestThatTheRegistryIsWrongWhenNothingCanBeRead() {
        // Given
        topics = new TestTopics(cluster.connection(), "elsewhere");
        byte[] spec = topics.encoded(
                Topic.CORPORA, TokenBlocks.spec(TokenBlocks.training(7).build()));
        topics.send(Topic.CORPORA, "line", DamagedValue.UNKNOWN_SCHEMA.of(spec));

        // When
        Invocation corpora = run("corpora");

        // Then
        assertThat(corpora.exitCode()).isEqualTo(1);
        assertThat(corpora.err()).contains("is --schema-registry the one that it was written with?");
    }

    private Invocation run(String... arguments) {
        return Invocation.of(
                Map.of(
                        "INKSTREAM_BOOTSTRAP_SERVERS",
                        topics.connection.bootstrapServers(),
                        "INKSTREAM_SCHEMA_REGISTRY",
                        topics.connection.schemaRegistryUrl(),
                        "INKSTREAM_TOPIC_PREFIX",
                        topics.names.prefix()),
                arguments);
    }
}

package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.cli.Invocation;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.testsupport.Damage;
import io.inkstream.testsupport.Line;
import io.inkstream.testsupport.Stage;
import io.inkstream.testsupport.Topics;
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

    private static Stage stage;

    private Topics topics;

    @BeforeAll
    static void start(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @AfterEach
    void end() {
        topics.close();
    }

    @Test
    void showTheCorporaBesideRecordsThatCannotBeRead() {
        // Given
        topics = new Topics(stage.connection(), "damaged");
        byte[] spec = topics.encoded(Topic.CORPORA, Line.spec(Line.training(7).build()));
        topics.send(Topic.CORPORA, "line", spec);
        Line line = new Line(topics, "line").append(1_000);
        for (Damage damage : Damage.values()) {
            topics.send(Topic.CORPORA, "line", damage.to(spec));
            topics.send(
                    Topic.TOKENS,
                    "line",
                    damage.to(topics.encoded(Topic.TOKENS, line.next(10).build())));
        }
        topics.send(Topic.MODELS, "line", Damage.TRUNCATED.to(spec));
        topics.send(Topic.TOKENS, "line", spec);

        // When
        Invocation corpora = run("corpora");

        // Then
        assertThat(corpora.err()).isEmpty();
        assertThat(corpora.out()).containsPattern("line +1,000 +7 +not begun");
        assertThat(run("corpora", "--json").out()).contains("\"epochs\" : 7");
    }

    @Test
    void sayThatTheRegistryIsAnotherWhereNothingCanBeRead() {
        // Given
        topics = new Topics(stage.connection(), "elsewhere");
        byte[] spec = topics.encoded(Topic.CORPORA, Line.spec(Line.training(7).build()));
        topics.send(Topic.CORPORA, "line", Damage.UNKNOWN_SCHEMA.to(spec));

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

package io.inkstream.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.systemtests.InkstreamProcess;
import io.inkstream.systemtests.invariants.TrainingWatch;
import io.inkstream.systemtests.stacks.CommandRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user sends a book, trains, watches, completes and verifies, from this machine and from a container. */
@OnComposeStack
class CommandLineOnContainersTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ComposeProject project;

    @TempDir
    static Path folder;

    private static Path story;

    @BeforeAll
    static void stack(ComposeProject shared) throws IOException {
        project = shared;
        project.up();
        story = folder.resolve("story.txt");
        try (InputStream text =
                CommandLineOnContainersTest.class.getResourceAsStream("/io/inkstream/cli/the-old-press.txt")) {
            Files.copy(text, story);
        }
    }

    @Test
    void worksFromThisMachine() {
        // Given
        host("produce", "--corpus", "host", story.toString());
        host("train", "--corpus", "host", "--hidden", "16", "--epochs", "3");

        // When
        JsonNode completion = host(
                        "complete", "--corpus", "host", "--wait", "90", "--json", "--max-tokens", "20", "the old press")
                .json();
        awaitEpochs("host", 3);

        // Then
        assertThat(completion.path("text").asText()).hasSize(20);
        assertThat(host("watch", "--once", "--corpus", "host").output()).contains("host", "3");
        assertThat(host("verify", "--corpus", "host").output()).contains("\nidentical: ");
    }

    @Test
    void worksInAContainerOfItsOwn() throws IOException {
        // Given a book on standard input, and another in a mounted file
        CommandRun piped = project.attempt(story, "run", "--rm", "-T", "cli", "produce", "--corpus", "piped", "-");
        assertThat(piped.exitCode()).as(piped.errors()).isZero();
        assertThat(piped.output()).contains("33,940 characters");
        String mounted = project.run(
                "run",
                "--rm",
                "-T",
                "-v",
                story + ":/book.txt:ro",
                "cli",
                "produce",
                "--corpus",
                "mounted",
                "/book.txt");
        assertThat(mounted).contains("33,940 characters");

        // When
        project.cli("train", "--corpus", "piped", "--hidden", "16", "--epochs", "3");
        project.cli("train", "--corpus", "mounted", "--hidden", "16", "--epochs", "1");
        JsonNode completion = JSON.readTree(project.cli(
                        "complete",
                        "--corpus",
                        "piped",
                        "--wait",
                        "90",
                        "--json",
                        "--max-tokens",
                        "20",
                        "the old press")
                .output());
        awaitEpochs("piped", 3);
        awaitEpochs("mounted", 1);

        // Then
        assertThat(completion.path("text").asText()).hasSize(20);
        assertThat(project.cli("watch", "--once", "--corpus", "piped").output()).contains("piped", "3");
        assertThat(project.cli("verify", "--corpus", "piped").output()).contains("\nidentical: ");
        assertThat(project.cli("corpora").output()).contains("piped", "mounted");

        // And pictures need fonts, which the image has
        String png = project.run(
                "run",
                "--rm",
                "-T",
                "--entrypoint",
                "bash",
                "cli",
                "-c",
                "/opt/inkstream/inkstream plot --corpus piped /tmp/perplexity.png >&2 && head -c 4 /tmp/perplexity.png | tail -c 3");
        assertThat(png).isEqualTo("PNG");
    }

    private static void awaitEpochs(String corpus, int epochs) {
        try (TrainingWatch watch = new TrainingWatch(project.connection(), new TopicNames(TopicNames.DEFAULT_PREFIX))) {
            await().atMost(TIMEOUT).until(() -> watch.newest(corpus)
                    .filter(CheckpointManifest::getFinished)
                    .filter(newest -> newest.getEpoch() == epochs)
                    .isPresent());
        }
    }

    private static InkstreamProcess host(String... command) {
        return InkstreamProcess.run(
                folder,
                Stream.concat(
                                Stream.of(command),
                                Stream.of(
                                        "--bootstrap-servers",
                                        project.connection().bootstrapServers(),
                                        "--schema-registry",
                                        project.connection().schemaRegistryUrl()))
                        .toArray(String[]::new));
    }
}

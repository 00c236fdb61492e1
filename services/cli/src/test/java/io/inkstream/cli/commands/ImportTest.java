package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.cli.Invocation;
import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.client.CorpusRun;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import io.inkstream.schemas.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model that is exported, and imported under another name. */
@Timeout(180)
class ImportTest {

    @TempDir
    static Path folder;

    private static EmbeddedStack stack;
    private static Path model;

    @BeforeAll
    static void trainAndExport() throws InterruptedException {
        TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
        stack = EmbeddedStack.onFreePorts(
                folder.resolve("data"),
                Map.of(),
                topics,
                new ServiceSettings(2, "auto", "cpu", 1, Duration.ofSeconds(1), 0));
        stack.start();
        CorpusSpec reading = CorpusSpec.newBuilder()
                .setTokenizer(TokenizerKind.CHARACTERS)
                .setNormalizer(NormalizerKind.LETTERS)
                .build();
        CorpusRun run = new CorpusRun(stack.connection(), topics, "press", stack::requireLive);
        run.ingest(DemoText.builtIn().source(), reading);
        TrainingSpec training = TrainingSpec.newBuilder()
                .setHidden(24)
                .setEpochs(3)
                .setMaxTokens(5_000)
                .build();
        run.train(CorpusSpec.newBuilder(reading).setTraining(training).build(), view -> {});
        model = folder.resolve("press.safetensors");
        assertThat(inkstream("export", "--corpus", "press", model.toString()).exitCode())
                .isZero();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void writesTheSameTextUnderAnotherName() throws IOException {
        // When
        Invocation imported = inkstream("import", "--corpus", "copy", model.toString());

        // Then
        assertThat(imported.err()).isEmpty();
        assertThat(imported.out()).startsWith("Published rnn, 1 layer of 24 hidden units, for a vocabulary of ");
        Invocation original = inkstream("complete", "--corpus", "press", "the old press", "--max-tokens", "40");
        Invocation copy =
                inkstream("complete", "--corpus", "copy", "the old press", "--max-tokens", "40", "--wait", "30");
        assertThat(copy.exitCode()).as(copy.err()).isZero();
        assertThat(copy.out()).isEqualTo(original.out());
        assertThat(copy.err()).contains("which was imported");
        assertThat(inkstream("corpora").out()).containsPattern("copy +0 +2\\d +imported +- +\\d");

        // When it is imported once more
        JsonNode again = new ObjectMapper()
                .readTree(inkstream("import", "--corpus", "copy", model.toString(), "--json")
                        .out());

        // Then it follows the one before
        assertThat(again.get("parent").asText()).hasSize(64);
        assertThat(again.get("source").isNull()).isTrue();
        assertThat(again.get("imported").asText()).startsWith("press.safetensors, sha256 ");
        assertThat(inkstream("checkpoints", "--corpus", "copy").out().lines()).hasSize(3);
    }

    @Test
    void isRejectedForACorpusWithText() {
        // When
        Invocation imported = inkstream("import", "--corpus", "press", model.toString());

        // Then
        assertThat(imported.exitCode()).isEqualTo(1);
        assertThat(imported.err())
                .isEqualTo("inkstream: Corpus 'press' has text, which an imported model would not go with: "
                        + "take another name with --corpus.\n");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        // Given
        Path text = Files.writeString(folder.resolve("text.safetensors"), "a text, and no model at all");

        // When, Then
        assertThat(inkstream("import", "--corpus", "x", text.toString()).err())
                .endsWith(
                        "text.safetensors cannot be imported. Not a safetensors file: the length of its header is impossible.\n");
        assertThat(inkstream("import", "--corpus", "x", folder.resolve("none").toString())
                        .err())
                .endsWith("none does not exist or cannot be read: check the path.\n");
    }

    private static Invocation inkstream(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of(
                "--bootstrap-servers",
                stack.connection().bootstrapServers(),
                "--schema-registry",
                stack.connection().schemaRegistryUrl()));
        return Invocation.of(all.toArray(String[]::new));
    }
}

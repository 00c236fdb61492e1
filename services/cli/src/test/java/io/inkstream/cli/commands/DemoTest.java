package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.cli.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline, as a new user meets it. */
@Timeout(180)
class DemoTest {

    @TempDir
    Path folder;

    @Test
    void learnsTheBuiltInStoryAndCompletesPrefixes() throws IOException {
        // Given
        Path report = folder.resolve("report.json");

        // When
        Invocation demo = Invocation.of(
                "demo",
                "--hidden",
                "32",
                "--epochs",
                "3",
                "--max-tokens",
                "10000",
                "--prefix",
                "the old press",
                "--device",
                "cpu",
                "--report",
                report.toString());

        // Then
        assertThat(demo.err()).isEmpty();
        assertThat(demo.exitCode()).isZero();
        assertThat(demo.out())
                .contains("Inkstream will learn from 'The Old Press and the River'")
                .contains("on the first 10,000 tokens (--max-tokens 0 takes all) for 3 epochs")
                .contains("epoch 3/3")
                .contains("Trained to perplexity")
                .contains("greedy           the old press")
                .contains("temperature 0.7  the old press")
                .contains("By checkpoint ")
                .contains("learned from partition ");
        JsonNode json = new ObjectMapper().readTree(Files.readString(report));
        assertThat(json.get("corpus").asText()).isEqualTo("the-old-press");
        assertThat(json.get("tokens").asLong()).isEqualTo(10_000);
        assertThat(json.get("cell").asText()).isEqualTo("gru");
        assertThat(json.get("hidden").asInt()).isEqualTo(32);
        assertThat(json.get("epochs").asInt()).isEqualTo(3);
        assertThat(json.get("perplexity").asDouble()).isBetween(1.0, 28.0);
        assertThat(json.get("device").asText()).isEqualTo("cpu");
        assertThat(json.get("checkpoint").get("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(json.get("completions")).hasSize(2);
        assertThat(json.get("completions").get(0).get("text").asText()).hasSize(50);
        assertThat(Duration.ofMillis((long) (1000 * json.get("seconds").asDouble())))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(180));
    }

    @Test
    void saysWhichSizesFitAShortText() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("short.txt"), "only a few words");

        // When
        Invocation demo = Invocation.of("demo", file.toString());

        // Then
        assertThat(demo.exitCode()).isEqualTo(1);
        assertThat(demo.err())
                .isEqualTo("inkstream: 'short.txt' has 16 tokens, and a minibatch of 32 lanes of 35 needs 1,156: "
                        + "use --batch 1 --window 7, or more text.\n");
    }
}

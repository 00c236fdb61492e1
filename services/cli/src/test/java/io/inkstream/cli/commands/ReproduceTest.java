package io.inkstream.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.cli.Invocation;
import io.inkstream.testsupport.Books;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Published results, as a user has them reproduced. */
@Timeout(180)
class ReproduceTest {

    @TempDir
    Path folder;

    @Test
    void answersHelloWithOhlol() throws IOException {
        // Given
        Path report = folder.resolve("report.json");
        Path pictures = folder.resolve("pictures");

        // When
        Invocation reproduce = Invocation.of(
                "reproduce",
                "hello-embedding",
                "--seeds",
                "1",
                "--device",
                "cpu",
                "--report",
                report.toString(),
                "--plot",
                pictures.toString());

        // Then
        assertThat(reproduce.err()).isEmpty();
        assertThat(reproduce.exitCode()).isZero();
        assertThat(reproduce.out())
                .contains("hello-embedding: rnn of 2 × 8, embedding 10")
                .contains("  seed 1  ohlol  perplexity ")
                .contains("hello-embedding  ohlol      199 of 200  1 of 1  ≥ 95 of 100")
                .contains("not judged")
                .contains("hello-embedding is judged with 100 seeds or more, as its figure is the share of seeds.")
                .contains("     1 × ohlol");
        JsonNode preset = new ObjectMapper()
                .readTree(Files.readString(report))
                .get("presets")
                .get(0);
        assertThat(preset.get("verdict").asText()).isEqualTo("not judged");
        assertThat(preset.get("seeds").get(0).get("answer").asText()).isEqualTo("ohlol");
        assertThat(preset.get("seeds").get(0).get("epochs").asInt()).isEqualTo(15);
        assertThat(preset.get("seeds").get(0).get("checkpoint").get("sha256").asText())
                .matches("[0-9a-f]{64}");
        assertThat(Files.readString(pictures.resolve("hello-embedding.svg")))
                .contains("<svg")
                .contains("Perplexity of hello-embedding")
                .contains("seed 1");
    }

    @Test
    void triesABookOutWithoutJudgingIt() {
        // Given
        assumeTrue(Files.isDirectory(Books.folder()), "There is no " + Books.folder());

        // When
        Invocation reproduce = Invocation.of(
                "reproduce",
                "time-machine-rnn",
                "--epochs",
                "2",
                "--seeds",
                "1",
                "--device",
                "cpu",
                "--books",
                Books.folder().toString());

        // Then
        assertThat(reproduce.err()).isEmpty();
        assertThat(reproduce.exitCode()).isZero();
        assertThat(reproduce.out())
                .contains("SGD 1, clip 1, 2 epochs")
                .contains("not judged")
                .contains("Trained for 2 epochs instead of each preset's own: nothing is judged.")
                .contains("  published  time travellerit soupthat un the omung")
                .contains("  ours       time traveller");
    }

    @Test
    void endsWithASentenceWhenTheTextIsTooShort() throws IOException {
        // Given
        Path book = Files.writeString(folder.resolve("short.txt"), "only a few words");

        // When
        Invocation reproduce = Invocation.of(
                "reproduce", "time-machine-rnn", "--seeds", "1", "--device", "cpu", "--book", book.toString());

        // Then
        String[] lines = reproduce.err().split("\n");
        assertThat(reproduce.exitCode()).isEqualTo(1);
        assertThat(lines).hasSize(3);
        assertThat(lines[0]).startsWith(book.toString()).contains("is not the file of H. G. Wells, The Time Machine");
        assertThat(lines[1])
                .isEqualTo("inkstream: time-machine-rnn did not complete: %s gives 16 tokens, ".formatted(book)
                        + "and time-machine-rnn needs 1,156: name a longer text.");
        assertThat(lines[2])
                .isEqualTo("inkstream: One preset does not meet its requirement: time-machine-rnn did not complete.");
        assertThat(reproduce.out()).contains("failed");
    }

    @Test
    void listsThePresets() {
        // When
        Invocation reproduce = Invocation.of("reproduce", "--list");

        // Then
        assertThat(reproduce.exitCode()).isZero();
        assertThat(reproduce.out())
                .startsWith("time-machine-rnn\n")
                .contains("    settings   rnn of 256, one-hot, batch 32, window 35, first 10,000 tokens, sequential, "
                        + "SGD 1, clip 1, 500 epochs\n")
                .contains("rnn of 4, one-hot, hidden state as logits")
                .contains("    published  1.4 to 1.5\n    pytorch    1.67 (1.61–1.68)\n    asked      ≤ 1.76\n")
                .contains("    published  ohlol\n    pytorch    146 of 200\n    asked      ≥ 60 of 100\n")
                .contains("first weights keras")
                .contains("minimum frequency 2");
    }

    @Test
    void saysWhereAMissingBookComesFrom() {
        // When
        Invocation reproduce = Invocation.of("reproduce", "all", "--books", folder.toString());

        // Then
        assertThat(reproduce.exitCode()).isEqualTo(1);
        assertThat(reproduce.out()).as("before anything is started").isEmpty();
        assertThat(reproduce.err())
                .startsWith("inkstream: There is no readable file %s".formatted(folder.resolve("time_machine.txt")))
                .contains("number 35")
                .contains("090b5e7e70c295757f55df93cb0a180b9691891a");
    }
}

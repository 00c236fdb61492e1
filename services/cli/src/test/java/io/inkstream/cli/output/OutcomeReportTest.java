package io.inkstream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.lessons.presets.Book;
import io.inkstream.lessons.presets.BookFile;
import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeReportTest {

    @TempDir
    Path folder;

    @Test
    void holdsEverythingThatIsNeededToJudgeAndToRepeat() throws IOException {
        // Given
        Outcome rnn = Runs.outcome(
                Presets.named("time-machine-rnn").orElseThrow(),
                Runs.of(1, 1.3, " held in", " his"),
                Runs.of(2, null, " of a", " hand"));
        Outcome failed = new Outcome(
                Presets.named("time-machine-gru").orElseThrow(), true, List.of(), Optional.of("The disk is full."));
        Outcome hello = Runs.outcome(
                Presets.named("hello-cell").orElseThrow(),
                Runs.of(1, 1.7, "o", "h", "l", "o", "l"),
                Runs.of(2, 1.5, "l"));
        BookFile book = new BookFile(Book.TIME_MACHINE, Path.of("time_machine.txt"), "a9993e");
        Path file = folder.resolve("report.json");

        // When
        new OutcomeReport(List.of(rnn, failed, hello), Map.of(Book.TIME_MACHINE, book)).write(file);

        // Then
        JsonNode presets = new ObjectMapper().readTree(Files.readString(file)).get("presets");
        assertThat(presets).hasSize(3);
        JsonNode first = presets.get(0);
        assertThat(first.get("preset").asText()).isEqualTo("time-machine-rnn");
        assertThat(first.get("published").asText()).isEqualTo("1.3");
        assertThat(first.get("pytorch").get("figure").asText()).isEqualTo("1.30");
        assertThat(first.get("pytorch").get("median").asDouble()).isEqualTo(1.3);
        assertThat(first.get("asked").get("perplexityAtMost").asDouble()).isEqualTo(1.36);
        assertThat(first.get("verdict").asText()).isEqualTo("missed");
        assertThat(first.get("book").get("sha1").asText()).isEqualTo("a9993e");
        assertThat(first.get("book").get("measuredOne").asBoolean()).isFalse();
        assertThat(first.get("perplexity").get("least").asDouble()).isEqualTo(1.3);
        assertThat(first.get("perplexity").get("median").isNull())
                .as("not a number")
                .isTrue();
        JsonNode seed = first.get("seeds").get(0);
        assertThat(seed.get("seed").asInt()).isEqualTo(1);
        assertThat(seed.get("perplexity").asDouble()).isEqualTo(1.3);
        assertThat(seed.get("tokensPerSecond").asDouble()).isEqualTo(1000);
        assertThat(seed.get("settings").get("normalizer").asText()).isEqualTo("TIME_MACHINE");
        assertThat(seed.get("settings").get("training").get("hidden").asInt()).isEqualTo(256);
        assertThat(seed.get("engine").asText()).isEqualTo("pytorch");
        assertThat(seed.get("device").asText()).isEqualTo("cpu");
        assertThat(seed.get("threads").asInt()).isEqualTo(2);
        assertThat(seed.get("checkpoint").get("sha256").asText()).isEqualTo("abc1");
        assertThat(seed.get("completions").get(0).get("text").asText()).isEqualTo(" held in");
        assertThat(seed.get("completions").get(0).get("published").asText()).startsWith("it soupthat");
        assertThat(presets.get(1).get("verdict").asText()).isEqualTo("failed");
        assertThat(presets.get(1).get("failure").asText()).isEqualTo("The disk is full.");
        JsonNode third = presets.get(2);
        assertThat(third.get("verdict").asText()).isEqualTo("not judged");
        assertThat(third.get("pytorch")).hasToString("{\"figure\":\"146 of 200\",\"right\":146,\"seeds\":200}");
        assertThat(third.get("asked")).hasToString("{\"answer\":\"ohlol\",\"atLeast\":60,\"ofSeeds\":100}");
        assertThat(third.get("answers")).hasToString("{\"right\":1,\"seeds\":2}");
        assertThat(third.get("seeds").get(0).get("answer").asText()).isEqualTo("ohlol");
    }
}

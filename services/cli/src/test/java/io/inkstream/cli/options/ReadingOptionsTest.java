package io.inkstream.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inkstream.cli.Invocation;
import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.embedded.EmbeddedCluster;
import io.inkstream.launcher.services.ServiceSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a corpus is read, from the command line to the completion. */
@Timeout(180)
class ReadingOptionsTest {

    /** The same word twice, written in two ways, and a mark at the end of each line. */
    private static final String TEXT = "caf\u00E9 cafe\u0301<eos>\n".repeat(50);

    @TempDir
    static Path folder;

    private static EmbeddedStack stack;
    private static Path file;

    @BeforeAll
    static void start() throws InterruptedException, IOException {
        file = Files.writeString(folder.resolve("cafe.txt"), TEXT);
        stack = new EmbeddedStack(
                new EmbeddedCluster(folder.resolve("data"), 0, 0, Map.of()),
                new TopicNames(TopicNames.DEFAULT_PREFIX),
                new ServiceSettings(2, "auto", "cpu", 1, Duration.ofSeconds(1), 0),
                new SimpleMeterRegistry());
        stack.start();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void nfcAndReservedTokensGoAllTheWayToTheCompletion() throws IOException {
        // Given
        Invocation produced = inkstream(
                "produce",
                "--corpus",
                "cafe",
                "--normalizer",
                "verbatim",
                "--nfc",
                "--reserved-token",
                "<pad>",
                "--reserved-token",
                "<eos>",
                file.toString());
        assertThat(produced.err()).isEmpty();
        assertThat(produced.out().lines()).hasSize(1);

        // When
        Invocation train = inkstream("train", "--corpus", "cafe", "--hidden", "16", "--epochs", "2", "--batch", "4");

        // Then c, a, f, é, the space and the line end; <pad>, <eos> and <unk>
        assertThat(train.out()).contains("read as characters and verbatim, in NFC, reserved: <pad>, <eos>.");
        Invocation composed = inkstream("complete", "--corpus", "cafe", "caf\u00E9<eos>", "--wait", "60", "--json");
        Invocation decomposed = inkstream("complete", "--corpus", "cafe", "cafe\u0301<eos>", "--json");
        assertThat(decomposed.exitCode()).as(decomposed.err()).isZero();
        JsonNode first = new ObjectMapper().readTree(composed.out());
        JsonNode second = new ObjectMapper().readTree(decomposed.out());
        assertThat(second.get("prefix").asText()).isEqualTo("cafe\u0301<eos>");
        assertThat(second.get("text")).isEqualTo(first.get("text"));
        assertThat(second.get("unknownTokens").asInt()).isZero();
        JsonNode checkpoint = newestCheckpoint("cafe");
        assertThat(checkpoint.get("vocabularySize").asInt()).isEqualTo(9);
        assertThat(checkpoint.get("spec").get("nfc").asBoolean()).isTrue();
        assertThat(checkpoint.get("spec").get("reservedTokens").toString()).isEqualTo("[\"<pad>\",\"<eos>\"]");

        // When its text has fixed it
        Invocation same = inkstream("produce", "--corpus", "cafe", "--nfc", file.toString());
        Invocation other = inkstream("produce", "--corpus", "cafe", "--reserved-token", "<eos>", file.toString());

        // Then
        assertThat(same.exitCode()).isZero();
        assertThat(other.err())
                .isEqualTo(
                        "inkstream: Corpus 'cafe' is fixed to characters and verbatim, in NFC, reserved: <pad>, <eos> by "
                                + "its first text, and cannot be read as characters and verbatim, in NFC, reserved: <eos>: "
                                + "use another name with --corpus.\n");
    }

    @Test
    void nfcComesTooLateAfterTheFirstText() {
        // Given
        assertThat(inkstream("produce", "--corpus", "late", file.toString()).exitCode())
                .isZero();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !inkstream("corpora").out().matches("(?s).*late +0 .*")
                        && inkstream("corpora").out().contains("late"));

        // When
        Invocation nfc = inkstream("produce", "--corpus", "late", "--nfc", file.toString());

        // Then
        assertThat(nfc.err())
                .isEqualTo("inkstream: Corpus 'late' is fixed to characters and letters by its first text, and cannot "
                        + "be read as characters and letters, in NFC: use another name with --corpus.\n");
    }

    @Test
    void saysWhichReservedTokensAreNeverRead() {
        // When
        Invocation produced = inkstream("produce", "--corpus", "lost", "--reserved-token", "<eos>", file.toString());

        // Then
        assertThat(produced.out())
                .endsWith("The normalizer 'letters' removes '<eos>' from a text: reserved, but never read; 'verbatim' "
                        + "would keep it.\n");
    }

    @Test
    void bytesThatAreFixedHaveNoReservedTokens() {
        // Given
        assertThat(inkstream("produce", "--corpus", "bytes", "--tokenizer", "bytes", file.toString())
                        .exitCode())
                .isZero();

        // When
        Invocation produced = inkstream("produce", "--corpus", "bytes", "--reserved-token", "<eos>", file.toString());

        // Then
        assertThat(produced.err())
                .isEqualTo(
                        "inkstream: Corpus 'bytes' is read as bytes and letters. A token of the tokenizer BYTES is one "
                                + "byte, so '<eos>' cannot be reserved.\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --tokenizer=bytes --reserved-token=x | A token of the tokenizer BYTES is one byte, so 'x' cannot be reserved
            --reserved-token=x --reserved-token=x | The reserved token 'x' is listed twice
            --reserved-token=<unk> | <unk> always has the id 0 and need not be reserved
            --reserved-token=| A reserved token must not be blank
            """)
    void invalidReservedTokensAreRejectedBeforeAnythingIsSent(String options, String sentence) {
        for (String command : List.of("produce", "demo")) {
            // When
            List<String> arguments = new ArrayList<>(List.of(command));
            if (command.equals("produce")) {
                arguments.addAll(List.of("--corpus", "x"));
            }
            arguments.addAll(Arrays.asList(options.split(" ")));
            arguments.add(file.toString());
            Invocation invocation = Invocation.of(arguments.toArray(String[]::new));

            // Then
            assertThat(invocation.exitCode()).isEqualTo(2);
            assertThat(invocation.err())
                    .isEqualTo("inkstream: %s; see 'inkstream %s --help'.\n".formatted(sentence, command));
        }
    }

    private static JsonNode newestCheckpoint(String corpus) throws IOException {
        for (JsonNode state :
                new ObjectMapper().readTree(inkstream("corpora", "--json").out())) {
            if (state.get("corpus").asText().equals(corpus)) {
                return state.get("checkpoint");
            }
        }
        throw new AssertionError("There is no corpus " + corpus);
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

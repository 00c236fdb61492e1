package io.inkstream.ingest.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.inkstream.schemas.NormalizerKind;
import io.inkstream.schemas.TokenizerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The book of the published results; skipped without it: INKSTREAM_BOOKS names its folder. */
class TimeMachineTest {

    private static final int PUBLISHED_TOKENS = 10_000;

    @Test
    void theFirstTokensAreThoseOfThePublishedResults() throws IOException {
        // Given
        Optional<Path> book = book();
        assumeTrue(book.isPresent(), "time_machine.txt is not available: set INKSTREAM_BOOKS to its folder");
        String text = Files.readString(book.orElseThrow());
        // When
        String tokens;
        try (IngestUnderTest ingest = new IngestUnderTest()) {
            ingest.spec("wells", TokenizerKind.CHARACTERS, NormalizerKind.TIME_MACHINE);
            text.lines().forEach(line -> ingest.text("wells", line));
            tokens = String.join("", IngestUnderTest.read(ingest.blocks()));
        }
        // Then
        assertThat(tokens.substring(0, PUBLISHED_TOKENS))
                .isEqualTo(asPublished(text).substring(0, PUBLISHED_TOKENS));
    }

    /** The published preparation, character by character and without regular expressions. */
    private static String asPublished(String book) {
        StringBuilder all = new StringBuilder();
        for (String line : book.split("\n", -1)) {
            int begin = all.length();
            boolean gap = false;
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
                if (lower < 'a' || lower > 'z') {
                    gap = true;
                    continue;
                }
                if (gap && all.length() > begin) {
                    all.append(' ');
                }
                gap = false;
                all.append(lower);
            }
        }
        return all.toString();
    }

    private static Optional<Path> book() {
        Path root = Path.of("").toAbsolutePath().getParent().getParent();
        String folder = System.getenv("INKSTREAM_BOOKS");
        return Stream.of(
                        folder == null ? null : Path.of(folder),
                        root.resolveSibling("shared").resolve("books"))
                .filter(path -> path != null)
                .map(path -> path.resolve("time_machine.txt"))
                .filter(Files::isReadable)
                .findFirst();
    }
}

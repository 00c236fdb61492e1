package io.inkstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void theExampleIsTheOneThatCompiles() throws IOException {
        // Given
        String readme = Files.readString(Path.of("README.md"));
        String source = Files.readString(Path.of("src/test/java/io/inkstream/client/ReadmeExample.java"));

        // When
        String example = between(readme, "```java\n", "```");
        String compiled = between(source, "// begin\n", "// end").stripIndent();

        // Then
        assertThat(example).isEqualTo(compiled);
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}

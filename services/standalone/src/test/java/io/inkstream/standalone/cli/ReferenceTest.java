package io.inkstream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceTest {

    private static final Path README = Path.of("..", "..", "README.md");
    private static final String BEGIN = "<!-- reference:begin -->\n";
    private static final String END = "<!-- reference:end -->";

    @Test
    void theReadmeHoldsTheReferenceAsItIs() throws IOException {
        // Given
        String readme = Files.readString(README);
        assertThat(readme).containsOnlyOnce(BEGIN).containsOnlyOnce(END);

        // When
        String block = readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END));

        // Then
        assertThat(block.strip())
                .as("paste the output of './inkstream reference' between the markers")
                .isEqualTo(Reference.markdown(Inkstream.commandLine(Map.of()).getCommandSpec())
                        .strip());
    }
}
